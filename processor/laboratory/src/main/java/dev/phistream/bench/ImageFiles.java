package dev.phistream.bench;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;

/** Files of every {@link ImageKind} in a directory: photographs, or drawn images. */
final class ImageFiles {
  private static final int DRAWN = 24;
  private static final int WIDTH = 500;
  private static final int HEIGHT = 375;
  private static final int LARGE = 2;
  private static final int LARGE_WIDTH = 4000;
  private static final int LARGE_HEIGHT = 3000;

  private final Map<ImageKind, List<String>> files = new EnumMap<>(ImageKind.class);
  private final Path directory;

  private ImageFiles(Path directory) {
    this.directory = directory;
  }

  /**
   * Writes the files.
   *
   * @param photographs JPEG files; drawn ones if there are none
   */
  static ImageFiles write(Path directory, List<byte[]> photographs) throws IOException {
    ImageFiles written = new ImageFiles(directory);
    List<byte[]> photos =
        photographs.isEmpty() ? BenchImages.draw(DRAWN, 1, WIDTH, HEIGHT) : photographs;
    Optional<WebpWriter> webp = webp();
    for (byte[] photo : photos) {
      written.add(ImageKind.JPEG, photo);
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(photo));
      ByteArrayOutputStream png = new ByteArrayOutputStream();
      ImageIO.write(image, "png", png);
      written.add(ImageKind.PNG, png.toByteArray());
      if (webp.isPresent()) {
        written.add(ImageKind.WEBP, webp.get().write(image));
      }
    }
    for (byte[] large : BenchImages.draw(LARGE, 1, LARGE_WIDTH, LARGE_HEIGHT)) {
      written.add(ImageKind.LARGE_JPEG, large);
    }
    return written;
  }

  /** Returns the paths of a kind's files; none if this system cannot write them. */
  List<String> of(ImageKind kind) {
    return files.getOrDefault(kind, List.of());
  }

  /** Returns the mean size of a kind's files, in bytes. */
  long meanBytes(ImageKind kind) throws IOException {
    long sum = 0;
    for (String file : of(kind)) {
      sum += Files.size(Path.of(file));
    }
    return sum / Math.max(1, of(kind).size());
  }

  private static Optional<WebpWriter> webp() {
    try {
      return Optional.of(WebpWriter.load());
    } catch (IOException e) { // the report has no WebP then
      return Optional.empty();
    }
  }

  private void add(ImageKind kind, byte[] file) throws IOException {
    List<String> all = files.computeIfAbsent(kind, key -> new ArrayList<>());
    Path path = directory.resolve(kind + "-" + all.size());
    Files.write(path, file);
    all.add(path.toString());
  }
}
