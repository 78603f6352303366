package dev.phistream.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.phistream.image.Preprocessing;
import dev.phistream.model.Model;
import dev.phistream.model.ModelCard;
import dev.phistream.model.Op;
import dev.phistream.model.Padding;
import dev.phistream.model.Scaling;
import dev.phistream.model.Variants;
import dev.phistream.model.Variants.Variant;
import dev.phistream.model.WeightConventions;
import dev.phistream.model.Weights;
import dev.phistream.testkit.HashedWeights;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The networks since 2019 at their published widths and depths, against logits that numpy computed
 * from block tables of its own: {@code src/test/python/family_reference.py}.
 */
class FamilyReferenceTest {
  record Case(String variant, int side, Padding padding, double bnEps, double[] logits) {
    @Override
    public String toString() {
      return variant + " " + padding + " at " + side;
    }
  }

  static List<Case> cases() throws IOException {
    try (InputStream json =
        FamilyReferenceTest.class.getResourceAsStream("/family/reference.json")) {
      return List.of(new ObjectMapper().readValue(json, Case[].class));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void logits_are_those_of_the_reference_on_every_engine(Case expected) throws Exception {
    Model model = model(expected);
    byte[] image = image(expected.side());
    double spread =
        Arrays.stream(expected.logits()).max().orElseThrow()
            - Arrays.stream(expected.logits()).min().orElseThrow();

    for (String engine : Engines.NAMES) {
      try (NetworkRunner runner =
          Engines.start(engine, 1).load(model, Op.InputType.NORMALISED, ComputeDevice.CPU)) {
        float[] logits = runner.logits(List.of(image)).get(0);

        assertThat(logits).hasSize(expected.logits().length);
        for (int i = 0; i < logits.length; i++) {
          assertThat((double) logits[i])
              .as("%s, logit %d", engine, i)
              .isCloseTo(expected.logits()[i], offset(1e-3 * spread));
        }
      }
    }
  }

  private static Model model(Case expected) throws Exception {
    Variant variant = Variants.find(expected.variant()).orElseThrow();
    int classes = expected.logits().length;
    ModelCard card =
        new ModelCard(
            "hashed",
            variant.id(),
            variant.architecture().name(),
            new Scaling(variant.scaling().width(), variant.scaling().depth(), expected.side()),
            classes,
            new WeightConventions(expected.padding(), expected.bnEps()),
            Preprocessing.imagenet(expected.side(), 1),
            "",
            null);
    return new Model(
        card,
        Collections.nCopies(classes, "class"),
        Weights.of(card.network(), HashedWeights.of(card.network().tensors()), "hashed"));
  }

  /** Waves and noise, as in the reference. */
  private static byte[] image(int side) {
    double[] noise = HashedWeights.units("input", 3 * side * side);
    ByteBuffer bytes =
        ByteBuffer.allocate(noise.length * Float.BYTES).order(ByteOrder.nativeOrder());
    for (int i = 0; i < noise.length; i++) {
      int channel = i / (side * side);
      int row = i / side % side;
      int column = i % side;
      double wave = Math.sin(0.3 * column * (channel + 1)) + Math.cos(0.2 * row + channel);
      bytes.putFloat((float) (wave + 0.5 * (2 * noise[i] - 1)));
    }
    return bytes.array();
  }
}
