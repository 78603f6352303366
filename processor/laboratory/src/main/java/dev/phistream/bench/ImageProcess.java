package dev.phistream.bench;

import dev.phistream.bench.peer.ImageInput;
import dev.phistream.image.DecodeSettings;
import dev.phistream.image.ImageDecoder;
import dev.phistream.image.ImageException;
import dev.phistream.image.Preprocessing;
import dev.phistream.image.Preprocessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Decodes files for the image benchmark, in one thread; its collector and compiler count, too. */
public final class ImageProcess implements Protocol.Work<ImageJob, ImageReply> {
  private static final double CROP_FRACTION = (double) ImageInput.SIZE / ImageInput.SHORT_EDGE;

  /** Keeps the results from being optimised away. */
  @SuppressWarnings("UnusedVariable") // written to be written
  private int sink;

  private final ImageInput input;
  private final String name;

  private ImageProcess(ImageInput input, String name) {
    this.input = input;
    this.name = name;
  }

  /** Argument: an {@link ImageSubject}. */
  public static void main(String[] args) throws IOException {
    ImageSubject subject = ImageSubject.valueOf(args[0]);
    Protocol.serve(ImageJob.class, new ImageProcess(input(subject), name(subject)));
  }

  @Override
  public void run(ImageJob job, Consumer<ImageReply> replies) throws IOException {
    List<byte[]> files = new ArrayList<>();
    for (String file : job.files()) {
      files.add(Files.readAllBytes(Path.of(file)));
    }
    long images = 0;
    long started = CpuClock.processNanos();
    long deadline = System.nanoTime() + (long) (job.seconds() * 1e9);
    do {
      for (byte[] file : files) {
        sink = input.of(file).length;
      }
      images += files.size();
    } while (System.nanoTime() < deadline);
    replies.accept(new ImageReply(name, images, CpuClock.processNanos() - started));
  }

  @Override
  public void close() {
    // Everything is released with the process.
  }

  static ImageInput input(ImageSubject subject) {
    return switch (subject) {
      case PHISTREAM, PHISTREAM_FAST, PHISTREAM_JDK -> phistream(subject);
      case IMAGE_IO -> new PlainImageIo();
      case PILLOW -> throw new IllegalArgumentException(subject + ": is no Java program");
    };
  }

  private static String name(ImageSubject subject) {
    return switch (subject) {
      case PHISTREAM, PHISTREAM_FAST, PHISTREAM_JDK ->
          new ImageDecoder(settings(subject)).jpegLibrary();
      default -> "Java " + Runtime.version();
    };
  }

  private static ImageInput phistream(ImageSubject subject) {
    ImageDecoder decoder = new ImageDecoder(settings(subject));
    Preprocessor preprocessor =
        new Preprocessor(Preprocessing.imagenet(ImageInput.SIZE, CROP_FRACTION));
    return file -> {
      try {
        return preprocessor.apply(decoder.decode(file, preprocessor.shortEdge()));
      } catch (ImageException e) {
        throw new IOException(e);
      }
    };
  }

  private static DecodeSettings settings(ImageSubject subject) {
    return DecodeSettings.DEFAULT
        .withJpegLibrary(subject.jpegLibrary())
        .withReducesLarge(subject == ImageSubject.PHISTREAM_FAST);
  }
}
