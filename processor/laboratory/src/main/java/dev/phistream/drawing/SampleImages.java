package dev.phistream.drawing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Images to try models on: the first two of each subject from a seed that is never trained on, as
 * {@code CLASS-N.jpg}, and {@code index.txt} with their names.
 */
public final class SampleImages {
  private static final int EACH = 2;
  private static final int WIDTH = 640;
  private static final int HEIGHT = 480;
  private static final String INDEX = "index.txt";

  private SampleImages() {}

  /** Writes them all; the directory is made if it is missing. */
  public static void write(Path directory) throws IOException {
    Files.createDirectories(directory);
    List<String> names = new ArrayList<>();
    for (Map.Entry<String, byte[]> image : draw().entrySet()) {
      Files.write(directory.resolve(image.getKey()), image.getValue());
      names.add(image.getKey());
    }
    Files.writeString(directory.resolve(INDEX), String.join("\n", names) + "\n");
  }

  /** The JPEG files by name, in the order of the index. */
  static Map<String, byte[]> draw() {
    SyntheticImages images = new SyntheticImages(Seeds.SAMPLES);
    Map<String, byte[]> files = new LinkedHashMap<>();
    List<String> labels = Subject.labels();
    for (int index = 0; index < EACH * labels.size(); index++) {
      String name = labels.get(index % labels.size()) + "-" + (1 + index / labels.size()) + ".jpg";
      files.put(name, images.jpeg(index, WIDTH, HEIGHT));
    }
    return files;
  }
}
