package dev.phistream.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.phistream.testkit.SharedData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Unusual and broken files from Pillow's own tests, and what Pillow makes of each. */
class OddImagesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ImageDecoder DECODER = new ImageDecoder(DecodeLimits.DEFAULT);

  /** How many of the files that Pillow opens are decoded here, as measured. */
  private static final Map<String, Integer> DECODED_AT_LEAST =
      Map.of("JPEG", 25, "PNG", 51, "GIF", 18, "WEBP", 6, "TIFF", 36, "BMP", 30);

  /**
   * A row of Pillow's verdicts.
   *
   * @param format null where Pillow opens nothing
   */
  private record Verdict(String file, @Nullable String format, String detail) {
    /** Whether a image has the size that Pillow says, lying or standing. */
    boolean hasSizeOf(RgbImage image) {
      return detail.contains(" %dx%d ".formatted(image.width(), image.height()))
          || detail.contains(" %dx%d ".formatted(image.height(), image.width()));
    }
  }

  /** A image, or the code of an exception. */
  private record Outcome(@Nullable RgbImage image, String code) {}

  @Test
  void every_file_gives_a_image_or_an_image_exception() throws Exception {
    Map<String, Integer> opened = new TreeMap<>();
    Map<String, Integer> decoded = new TreeMap<>();
    Map<String, Integer> refused = new TreeMap<>();
    for (Verdict verdict : verdicts()) {
      byte[] file = Files.readAllBytes(SharedData.at("odd-images/" + verdict.file()));
      String format = verdict.format() == null ? "rejected by Pillow" : verdict.format();
      opened.merge(format, 1, Integer::sum);
      Outcome outcome = assertTimeoutPreemptively(PATIENCE, () -> outcome(file), verdict::file);
      if (outcome.image() != null) {
        decoded.merge(format, 1, Integer::sum);
        assertThat(verdict.format() == null || verdict.hasSizeOf(outcome.image()))
            .as("%s is %s", verdict, outcome.image())
            .isTrue();
      } else {
        refused.merge(outcome.code(), 1, Integer::sum);
      }
    }
    System.out.println("decoded " + decoded + " of " + opened + ", refused " + refused);

    DECODED_AT_LEAST.forEach(
        (format, count) ->
            assertThat(decoded.getOrDefault(format, 0)).as(format).isGreaterThanOrEqualTo(count));
  }

  @Test
  void damage_to_odd_files_is_survived_too() throws Exception {
    for (Verdict verdict : verdicts()) {
      byte[] whole = Files.readAllBytes(SharedData.at("odd-images/" + verdict.file()));
      Random random = new Random(verdict.file().hashCode());
      for (int round = 0; round < 4; round++) {
        byte[] damaged = damaged(whole, random);
        Outcome outcome =
            assertTimeoutPreemptively(PATIENCE, () -> outcome(damaged), verdict::file);
        assertThat(outcome.image() != null || outcome.code().startsWith("image-")).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8})
  void a_photograph_in_any_orientation_stands_upright(int orientation) throws Exception {
    RgbImage upright = decode("exif/Landscape_1.jpg");

    RgbImage turned = decode("exif/Landscape_" + orientation + ".jpg");

    assertThat(turned.width()).isEqualTo(upright.width());
    assertThat(turned.height()).isEqualTo(upright.height());
    // They were compressed one by one; turned any other way they differ by more than 30.
    assertThat(meanDifference(turned, upright)).isLessThan(5);
    assertThat(meanDifference(turned, Orientation.MIRRORED.upright(upright))).isGreaterThan(30);
  }

  private static double meanDifference(RgbImage some, RgbImage others) {
    double sum = 0;
    for (int i = 0; i < some.pixels().length; i++) {
      sum += Math.abs((some.pixels()[i] & 0xff) - (others.pixels()[i] & 0xff));
    }
    return sum / some.pixels().length;
  }

  private static RgbImage decode(String name) throws Exception {
    return DECODER.decode(Files.readAllBytes(SharedData.at(name)));
  }

  private static Outcome outcome(byte[] file) {
    try {
      return new Outcome(DECODER.decode(file), "");
    } catch (ImageException e) {
      return new Outcome(null, e.code().id());
    }
  }

  private static List<Verdict> verdicts() throws Exception {
    Path table = SharedData.at("odd-images/pillow-verdicts.csv");
    List<Verdict> verdicts = new ArrayList<>();
    for (String line : Files.readAllLines(table)) {
      String[] cells = line.split(",", 3);
      if (cells[1].equals("decodes")) {
        verdicts.add(new Verdict(cells[0], cells[2].substring(0, cells[2].indexOf(' ')), cells[2]));
      } else if (cells[1].equals("rejects")) {
        verdicts.add(new Verdict(cells[0], null, cells[2]));
      }
    }
    assertThat(verdicts).hasSize(203);
    return verdicts;
  }

  /** Up to eight wrong bytes, half of them near the beginning, and at times a cut. */
  private static byte[] damaged(byte[] whole, Random random) {
    byte[] damaged =
        random.nextInt(3) == 0
            ? Arrays.copyOf(whole, 1 + random.nextInt(whole.length))
            : whole.clone();
    for (int hit = random.nextInt(8); hit >= 0; hit--) {
      int reach = random.nextBoolean() ? Math.min(200, damaged.length) : damaged.length;
      damaged[random.nextInt(reach)] = (byte) random.nextInt();
    }
    return damaged;
  }
}
