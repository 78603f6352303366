package dev.phistream.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.phistream.testkit.HashedWeights;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every filter and way to resize, against Pillow: {@code src/test/python}. */
class ResizeReferenceTest {
  record Case(
      int width,
      int height,
      int size,
      double crop,
      Interpolation interpolation,
      ResizeMode resizeMode,
      byte[] planes) {
    @Override
    public String toString() {
      return "%d × %d, %s, %s".formatted(width, height, interpolation, resizeMode);
    }
  }

  static List<Case> cases() throws IOException {
    try (InputStream json = ResizeReferenceTest.class.getResourceAsStream("/image/resize.json")) {
      return List.of(new ObjectMapper().readValue(json, Case[].class));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void pixels_are_those_of_pillow(Case expected) {
    double[] noise = HashedWeights.units("image", 3 * expected.width() * expected.height());
    byte[] pixels = new byte[noise.length];
    for (int i = 0; i < noise.length; i++) {
      pixels[i] = (byte) (int) (noise[i] * 256);
    }

    byte[] planes =
        new Preprocessor(
                Preprocessing.imagenet(expected.size(), expected.crop())
                    .resized(expected.interpolation(), expected.resizeMode()))
            .apply(new RgbImage(expected.width(), expected.height(), pixels));

    assertThat(planes).isEqualTo(expected.planes());
  }
}
