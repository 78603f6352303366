package dev.phistream.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.phistream.image.DecodeLimits;
import dev.phistream.image.ImageDecoder;
import dev.phistream.image.Preprocessing;
import dev.phistream.image.Preprocessor;
import dev.phistream.model.Architecture;
import dev.phistream.model.Model;
import dev.phistream.model.ModelCard;
import dev.phistream.model.ModelLocator;
import dev.phistream.model.Op;
import dev.phistream.model.Padding;
import dev.phistream.model.Scaling;
import dev.phistream.model.Tensor;
import dev.phistream.model.WeightConventions;
import dev.phistream.model.Weights;
import dev.phistream.testkit.EncodedImages;
import dev.phistream.testkit.ReferenceB0;
import dev.phistream.testkit.SharedData;
import dev.phistream.testkit.TinyModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same pixels and weights on both engines: logits differ by 1e-4 at most. */
class EnginesAgreeTest {
  private static final float TOLERANCE = 1e-4f;
  private static final int IMAGES = 12;
  private static final int BATCH = 8;

  @ParameterizedTest
  @EnumSource(Padding.class)
  void about_drawn_images_on_a_network_with_random_weights(Padding padding) throws Exception {
    assertAgreed(random(padding), drawn());
  }

  @Test
  void about_drawn_images_on_a_trained_network() throws Exception {
    assertAgreed(phi7(), drawn());
  }

  @ParameterizedTest
  @EnumSource(Padding.class)
  void about_photos_on_a_b0_with_random_weights(Padding padding) throws Exception {
    assertAgreed(ReferenceB0.with(padding, 1e-3), photos());
  }

  @Test
  void about_photos_on_a_trained_network() throws Exception {
    assertAgreed(phi7(), photos());
  }

  private static void assertAgreed(Model model, List<byte[]> files) throws Exception {
    List<byte[]> pixels = new ArrayList<>();
    Preprocessor preprocessor = new Preprocessor(model.card().preprocessing());
    for (byte[] file : files) {
      pixels.add(preprocessor.apply(new ImageDecoder(DecodeLimits.DEFAULT).decode(file)));
    }

    List<float[]> mxnet = logits("mxnet", model, pixels);
    List<float[]> onnxruntime = logits("onnxruntime", model, pixels);

    assertThat(onnxruntime).hasSize(files.size());
    for (int i = 0; i < files.size(); i++) {
      assertThat(onnxruntime.get(i)).containsExactly(mxnet.get(i), offset(TOLERANCE));
    }
    assertThat(distance(mxnet.get(0), mxnet.get(1)))
        .as("images tell in the logits")
        .isGreaterThan(100 * TOLERANCE);
  }

  private static List<float[]> logits(String engine, Model model, List<byte[]> pixels)
      throws Exception {
    List<float[]> logits = new ArrayList<>();
    try (NetworkRunner runner =
        Engines.start(engine, 1).load(model, Op.InputType.PIXELS, ComputeDevice.CPU)) {
      for (int from = 0; from < pixels.size(); from += BATCH) {
        logits.addAll(runner.logits(pixels.subList(from, Math.min(from + BATCH, pixels.size()))));
      }
    }
    return logits;
  }

  private static Model phi7() throws Exception {
    return new ModelLocator(Optional.empty()).find("phi-7").load();
  }

  private static Model random(Padding padding) throws Exception {
    Scaling scaling = new Scaling(0.25, 0.4, 64);
    ModelCard card =
        new ModelCard(
            "tiny",
            "tiny",
            Architecture.EFFICIENT_NET.name(),
            scaling,
            TinyModels.CLASSES.size(),
            new WeightConventions(padding, 1e-3),
            Preprocessing.imagenet(scaling.resolution(), 0.875),
            "",
            null);
    Map<String, Tensor> tensors = TinyModels.tensors(card.network(), 21);
    tensors.computeIfPresent("classifier.weight", (name, weight) -> quiet(weight));
    return new Model(card, TinyModels.CLASSES, Weights.of(card.network(), tensors, "test"));
  }

  /**
   * Brings logits of some hundreds to the size of a trained network's: this network makes much of
   * every rounding, 1e-5 of its logits and more on either engine.
   */
  private static Tensor quiet(Tensor weight) {
    float[] values = weight.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] /= 150;
    }
    return new Tensor(weight.shape(), values);
  }

  private static List<byte[]> drawn() {
    return Stream.iterate(1, seed -> seed + 1)
        .limit(IMAGES)
        .map(seed -> EncodedImages.jpeg(120 + seed, 90, seed))
        .toList();
  }

  private static List<byte[]> photos() throws Exception {
    List<byte[]> photos = new ArrayList<>();
    try (Stream<Path> files = Files.list(SharedData.at("photos"))) {
      for (Path file :
          files.filter(path -> path.toString().endsWith(".JPEG")).sorted().limit(IMAGES).toList()) {
        photos.add(Files.readAllBytes(file));
      }
    }
    assertThat(photos).hasSize(IMAGES);
    return photos;
  }

  private static float distance(float[] some, float[] others) {
    float most = 0;
    for (int i = 0; i < some.length; i++) {
      most = Math.max(most, Math.abs(some[i] - others[i]));
    }
    return most;
  }
}
