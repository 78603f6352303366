package dev.phistream.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.model.Safetensors;
import dev.phistream.model.Tensor;
import dev.phistream.testkit.SharedData;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Twelve photographs against what Pillow's resize and crop make of them. */
class PreprocessingReferenceTest {
  private static final String REFERENCE = "reference/preprocess-224-bicubic-0.875.safetensors";

  @Test
  void photographs_become_the_input_that_pillow_makes_of_them() throws Exception {
    Map<String, Tensor> reference = Safetensors.read(SharedData.at(REFERENCE));
    ImageDecoder decoder = new ImageDecoder(DecodeLimits.DEFAULT);
    Preprocessor preprocessor = new Preprocessor(Preprocessing.imagenet(224, 0.875));

    assertThat(reference).hasSize(12);
    for (Map.Entry<String, Tensor> entry : reference.entrySet()) {
      String name = entry.getKey();
      byte[] file = Files.readAllBytes(SharedData.at(name));
      byte[] input = preprocessor.apply(decoder.decode(file));
      float[] expected = entry.getValue().values();

      assertThat(input.length).as(name).isEqualTo(expected.length);
      double sum = 0;
      float largest = 0;
      for (int i = 0; i < expected.length; i++) {
        float difference = Math.abs((input[i] & 0xff) - expected[i]);
        sum += difference;
        largest = Math.max(largest, difference);
      }
      System.out.printf(
          "%s: off by %.4f grey levels on average, %.0f at most%n",
          name, sum / expected.length, largest);
      assertThat(sum / expected.length).as("mean difference of " + name).isLessThan(1);
      assertThat(largest).as("largest difference of " + name).isLessThanOrEqualTo(3);
    }
  }
}
