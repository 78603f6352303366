package dev.phistream.testkit;

import dev.phistream.model.ModelCard;
import dev.phistream.repository.ImportOptions;
import dev.phistream.repository.ModelRepository;
import dev.phistream.repository.WeightImport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The photographs of the shared test data with the places of their classes, and published weights
 * that know them.
 */
public final class Photographs {
  /** How many there are. */
  public static final int COUNT = 86;

  private Photographs() {}

  /** Published MobileNets; the file names tell everything that an import must know. */
  public enum Network {
    /** MobileNetV1 at a quarter of its width, for 128 × 128. */
    SMALL("mobilenet_v1_0.25_128", "mobilenet_v1_0.25_128", 42),
    /** MobileNetV1 at half its width, for 160 × 160. */
    MIDDLE("mobilenet_v1_0.5_160", "mobilenet_v1_0.5_160", 64),
    /** MobileNetV2 for 224 × 224. */
    LARGE("mobilenet_v2_1.0_224", "mobilenet_v2", 78);

    private final String id;
    private final String variant;
    private final int right;

    Network(String id, String variant, int right) {
      this.id = id;
      this.variant = variant;
      this.right = right;
    }

    /** Its file without the extension, and its id once it is imported. */
    public String id() {
      return id;
    }

    /** The name under which it is served. */
    public String variant() {
      return variant;
    }

    /** Photographs whose best label is right, as an independent float implementation has it. */
    public int right() {
      return right;
    }

    /** Its weights; skips the test where they are absent. */
    public Path weights() {
      return SharedData.at("weights").resolve(id + ".safetensors");
    }

    /** Imports it by its file's name alone. */
    public ModelCard importInto(Path repository) throws Exception {
      return new WeightImport(new ModelRepository(repository))
          .importFile(weights(), id, ImportOptions.NONE)
          .card();
    }
  }

  /** Their folder; skips the test where it is absent. */
  public static Path folder() {
    return SharedData.at("photos");
  }

  /** Their table of labels. */
  public static Path labels() {
    return folder().resolve("labels.csv");
  }

  /** The place of each file's class. */
  public static Map<String, Integer> classes() throws Exception {
    Map<String, Integer> classes = new LinkedHashMap<>();
    for (String line : Files.readAllLines(labels())) {
      String[] cells = line.split(",", -1);
      if (!cells[1].equals("class_index")) {
        classes.put(cells[0], Integer.parseInt(cells[1]));
      }
    }
    return classes;
  }
}
