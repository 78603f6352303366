package dev.phistream.drawing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.image.DecodeLimits;
import dev.phistream.image.ImageDecoder;
import dev.phistream.image.Preprocessor;
import dev.phistream.image.RgbImage;
import dev.phistream.inference.ComputeDevice;
import dev.phistream.inference.MxnetEngine;
import dev.phistream.inference.NetworkRunner;
import dev.phistream.model.Model;
import dev.phistream.model.ModelLocator;
import dev.phistream.model.Op;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The images that come with the program. */
class SampleImagesTest {
  private static final int MOST_BYTES = 2_000_000;
  private static final double CODEC_DIFFERENCE = 2;

  private final ImageDecoder decoder = new ImageDecoder(DecodeLimits.DEFAULT);

  @Test
  void the_index_names_every_class_twice_and_all_files_are_there() throws Exception {
    long bytes = 0;
    List<String> classes = new ArrayList<>();
    for (String name : index()) {
      classes.add(name.substring(0, name.lastIndexOf('-')));
      bytes += read(name).length;
    }

    assertThat(classes).hasSize(2 * Subject.ALL.size()).containsAll(Subject.labels());
    assertThat(bytes).isLessThan(MOST_BYTES);
  }

  /** JPEG encoders differ a little between JDKs; images chosen by hand would differ much. */
  @Test
  void they_are_the_first_images_of_their_seed() throws Exception {
    for (Map.Entry<String, byte[]> drawn : SampleImages.draw().entrySet()) {
      RgbImage bundled = decoder.decode(read(drawn.getKey()));
      RgbImage expected = decoder.decode(drawn.getValue());
      double difference = 0;
      for (int i = 0; i < expected.pixels().length; i++) {
        difference += Math.abs((bundled.pixels()[i] & 0xff) - (expected.pixels()[i] & 0xff));
      }

      assertThat(difference / expected.pixels().length)
          .as(drawn.getKey())
          .isLessThan(CODEC_DIFFERENCE);
    }
  }

  @Test
  void the_most_accurate_model_labels_at_least_95_percent_right() throws Exception {
    String id = ModelLocator.BUNDLED.get(ModelLocator.BUNDLED.size() - 1);
    Model model = new ModelLocator(Optional.empty()).find(id).load();
    Preprocessor preprocessor = new Preprocessor(model.card().preprocessing());
    List<String> names = index();
    List<byte[]> inputs = new ArrayList<>();
    for (String name : names) {
      inputs.add(preprocessor.apply(decoder.decode(read(name))));
    }
    int[] labels =
        names.stream()
            .map(name -> name.substring(0, name.lastIndexOf('-')))
            .mapToInt(Subject.labels()::indexOf)
            .toArray();

    int right;
    try (NetworkRunner runner =
        MxnetEngine.start(1).load(model, Op.InputType.PIXELS, ComputeDevice.CPU)) {
      right = Accuracy.right(runner.logits(inputs), labels);
    }

    assertThat(right).isGreaterThanOrEqualTo((int) Math.ceil(0.95 * names.size()));
  }

  private static List<String> index() throws IOException {
    return new String(read("index.txt"), StandardCharsets.UTF_8).lines().toList();
  }

  private static byte[] read(String name) throws IOException {
    try (InputStream in = SampleImages.class.getResourceAsStream("/samples/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }
}
