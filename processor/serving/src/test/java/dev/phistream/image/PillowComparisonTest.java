package dev.phistream.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.testkit.SharedData;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Compares the decoder with Pillow 12.3 on files from public bug reports and from Pillow's own
 * tests: verdict and pixels. {@code deviations.csv} beside this class names each file that differs
 * and the reason.
 */
class PillowComparisonTest {
  private static final int EDGE = 84;
  private static final double MOST_GRAY_LEVELS = 1.0;
  private static final int MOST_DEVIATIONS = 5;

  private static final ImageDecoder DECODER =
      new ImageDecoder(
          new DecodeSettings(
              DecodeLimits.DEFAULT, EnumSet.allOf(ImageFormat.class), Background.WHITE));

  /** One file, and how the decoder's answer differs from Pillow's; null if it does not. */
  private record Comparison(String file, boolean pillowDecodes, @Nullable String deviation) {}

  @Test
  void decoded_files_have_pillows_pixels_and_each_deviation_has_a_reason() throws Exception {
    Map<String, String> reasons = reasons();
    Map<String, String> unexplained = new TreeMap<>();
    Map<String, String> explained = new TreeMap<>();
    Map<String, String> agreeing = new TreeMap<>();
    int deviating = 0;
    for (Comparison comparison : comparisons()) {
      String reason = reasons.get(comparison.file());
      if (comparison.deviation() == null) {
        agreeing.put(comparison.file(), "");
      } else if (reason == null) {
        unexplained.put(comparison.file(), comparison.deviation());
      } else {
        explained.put(comparison.file(), comparison.deviation() + " because " + reason);
        deviating += comparison.pillowDecodes() ? 1 : 0;
      }
    }
    System.out.println(
        "agree with Pillow 12.3: "
            + agreeing.size()
            + (LibHeif.isPresent() ? "" : ", AVIF left out: the host has no libheif"));
    explained.forEach((file, deviation) -> System.out.println("deviates: " + file + deviation));

    assertThat(unexplained).as("deviations without a reason").isEmpty();
    assertThat(reasons.keySet())
        .as("reasons for files that agree")
        .doesNotContainAnyElementsOf(agreeing.keySet());
    assertThat(deviating).as("decodable files that deviate").isLessThanOrEqualTo(MOST_DEVIATIONS);
  }

  private static Iterable<Comparison> comparisons() throws IOException {
    return Stream.concat(
            rows(SharedData.at("odd-images/pillow-12.3.csv"))
                .filter(row -> LibHeif.isPresent() || !row.get(0).endsWith(".avif"))
                .map(
                    row -> comparison("odd-images/" + row.get(0), row.get(1), reduced(row.get(0)))),
            rows(SharedData.at("pictures/pillow-12.3.csv"))
                .filter(row -> !row.get(1).contains("too large"))
                .map(row -> comparison("pictures/" + row.get(0), row.get(1), whole(row.get(2)))))
        .toList();
  }

  private static @Nullable Path reduced(String file) {
    Path expected = SharedData.at("odd-images/expected-84").resolve(file + ".png");
    return Files.exists(expected) ? expected : null;
  }

  private static @Nullable Path whole(String file) {
    return file.isEmpty() ? null : SharedData.at("pictures/" + file);
  }

  private static Comparison comparison(String file, String verdict, @Nullable Path expected) {
    boolean pillowDecodes = !verdict.startsWith("refused");
    String deviation;
    try {
      RgbImage image = DECODER.decode(Files.readAllBytes(SharedData.at(file)));
      if (!pillowDecodes) {
        deviation = ": decoded (Pillow: " + verdict + ")";
      } else {
        deviation = expected == null ? null : difference(image, expected);
      }
    } catch (ImageException e) {
      deviation = pillowDecodes ? ": " + e.code().id() + ", " + e.getMessage() : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Comparison(file, pillowDecodes, deviation);
  }

  private static @Nullable String difference(RgbImage image, Path expected) throws IOException {
    BufferedImage pillow = ImageIO.read(expected.toFile());
    RgbImage ours = image;
    if (expected.toString().contains("expected-84")) {
      ours = network(image);
    }
    if (ours.width() != pillow.getWidth() || ours.height() != pillow.getHeight()) {
      return ": size " + ours + " (Pillow: " + pillow.getWidth() + "x" + pillow.getHeight() + ")";
    }
    double sum = 0;
    for (int i = 0; i < ours.pixels().length; i++) {
      int color = pillow.getRGB(i / 3 % ours.width(), i / 3 / ours.width());
      sum += Math.abs((ours.pixels()[i] & 0xff) - (color >> (16 - 8 * (i % 3)) & 0xff));
    }
    double mean = sum / ours.pixels().length;
    return mean <= MOST_GRAY_LEVELS ? null : ": %.2f grey levels".formatted(mean);
  }

  /** What a network of 84 pixels would see, as an image again. */
  private static RgbImage network(RgbImage image) {
    byte[] planes = new Preprocessor(Preprocessing.imagenet(EDGE, 1)).apply(image);
    int area = EDGE * EDGE;
    byte[] pixels = new byte[3 * area];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = planes[i % 3 * area + i / 3];
    }
    return new RgbImage(EDGE, EDGE, pixels);
  }

  private static Map<String, String> reasons() throws IOException {
    Map<String, String> reasons = new TreeMap<>();
    try (InputStream table = PillowComparisonTest.class.getResourceAsStream("deviations.csv");
        Reader text = new InputStreamReader(table, StandardCharsets.UTF_8);
        CSVParser rows = CSVFormat.DEFAULT.parse(text)) {
      rows.forEach(row -> reasons.put(row.get(0), row.get(1)));
    }
    reasons.remove("file");
    return reasons;
  }

  private static Stream<CSVRecord> rows(Path table) throws IOException {
    try (Reader text = Files.newBufferedReader(table);
        CSVParser rows = CSVFormat.DEFAULT.parse(text)) {
      return rows.getRecords().stream().skip(1);
    }
  }
}
