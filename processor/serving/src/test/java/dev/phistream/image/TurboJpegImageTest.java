package dev.phistream.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.phistream.testkit.EncodedImages;
import dev.phistream.testkit.SharedData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * libjpeg-turbo and the JDK's reader give the same pixels and the same verdicts. JDKs that link an
 * older libjpeg differ in two things, which are not compared there: chroma that is halved from top
 * to bottom only, and what damaged scans look like.
 */
class TurboJpegImageTest {
  private static final int MUTANTS_PER_FILE = 150;
  private static final boolean JDK_LINKS_LIBJPEG_TURBO =
      System.getProperty("java.vendor").matches("Debian|Ubuntu");

  @SuppressWarnings("NullAway.Init") // loaded before all tests
  private static ImageDecoder turbo;

  @SuppressWarnings("NullAway.Init")
  private static ImageDecoder jdk;

  /** An image, or the code with which a file was refused. */
  private record Outcome(@Nullable RgbImage image, String code) {
    static Outcome of(ImageDecoder decoder, byte[] file) {
      try {
        return new Outcome(decoder.decode(file), "");
      } catch (ImageException e) {
        return new Outcome(null, e.code().id());
      }
    }
  }

  @BeforeAll
  static void load() {
    jdk = new ImageDecoder(DecodeSettings.DEFAULT.withJpegLibrary(JpegLibrary.JDK));
    try {
      turbo = new ImageDecoder(DecodeSettings.DEFAULT.withJpegLibrary(JpegLibrary.TURBO));
    } catch (IllegalStateException e) {
      System.out.println("skipped: " + e.getMessage());
      abort(e.getMessage());
    }
  }

  @Test
  void files_of_every_kind_and_size_have_the_same_pixels() {
    for (byte[] file : files()) {
      assertThat(Outcome.of(turbo, file)).isEqualTo(Outcome.of(jdk, file));
    }
  }

  @Test
  void photographs_have_the_same_pixels() throws Exception {
    for (byte[] file : filesBelow(SharedData.at("photos"))) {
      assertThat(Outcome.of(turbo, file)).isEqualTo(Outcome.of(jdk, file));
    }
  }

  @Test
  void unusual_files_have_the_same_pixels_and_verdicts() throws Exception {
    for (byte[] file : filesBelow(SharedData.at("odd-images"))) {
      assertThat(Outcome.of(turbo, file)).isEqualTo(Outcome.of(jdk, file));
    }
  }

  @Test
  void files_cut_anywhere_are_refused_alike() {
    byte[] whole = EncodedImages.jpeg(50, 37, 1);
    byte[] progressive = EncodedImages.progressiveJpeg(EncodedImages.scene(50, 37, 2));
    for (byte[] file : List.of(whole, progressive)) {
      for (int length = 1; length < file.length; length += 7) {
        byte[] cut = Arrays.copyOf(file, length);
        assertThat(Outcome.of(turbo, cut)).as("%d bytes", length).isEqualTo(Outcome.of(jdk, cut));
      }
    }
  }

  @Test
  void damaged_files_have_the_same_pixels_or_verdicts() {
    Random random = new Random(21);
    for (byte[] file : files()) {
      for (int i = 0; i < MUTANTS_PER_FILE; i++) {
        byte[] mutant = mutant(file, random);
        Outcome outcome = Outcome.of(turbo, mutant);
        if (JDK_LINKS_LIBJPEG_TURBO) {
          assertThat(outcome).isEqualTo(Outcome.of(jdk, mutant));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "37, 101x75",
    "38, 201x150",
    "75, 201x150",
    "76, 401x300",
    "150, 401x300",
    "151, 801x600",
    "2147483647, 801x600"
  })
  void a_large_image_is_reduced_as_long_as_twice_the_need_remains(int needed, String size)
      throws Exception {
    byte[] file = EncodedImages.jpeg(801, 600, 3);

    RgbImage image = reducing().decode(file, needed);

    assertThat(image.width() + "x" + image.height()).isEqualTo(size);
  }

  @Test
  void a_large_image_stays_whole_unless_the_settings_allow_less() throws Exception {
    byte[] file = EncodedImages.jpeg(801, 600, 3);

    assertThat(turbo.decode(file, 37)).isEqualTo(turbo.decode(file));
  }

  private static ImageDecoder reducing() {
    return new ImageDecoder(
        DecodeSettings.DEFAULT.withJpegLibrary(JpegLibrary.TURBO).withReducesLarge(true));
  }

  @Test
  void a_reduced_image_is_close_to_the_whole_one() throws Exception {
    Preprocessor preprocessor = new Preprocessor(Preprocessing.imagenet(64, 0.875));
    byte[] file = EncodedImages.jpeg(1024, 768, 4);

    byte[] whole = preprocessor.apply(turbo.decode(file));
    byte[] reduced = preprocessor.apply(reducing().decode(file, preprocessor.shortEdge()));

    int off = 0;
    for (int i = 0; i < whole.length; i++) {
      off += Math.abs((whole[i] & 0xff) - (reduced[i] & 0xff));
    }
    assertThat((double) off / whole.length).isLessThan(1);
  }

  @Test
  void limits_hold_before_any_memory_is_taken() {
    byte[] file = EncodedImages.jpeg(300, 200, 5);
    ImageDecoder small =
        new ImageDecoder(
            DecodeSettings.of(new DecodeLimits(1 << 20, 300 * 200 - 1, 1000))
                .withJpegLibrary(JpegLibrary.TURBO));

    assertThatThrownBy(() -> small.decode(file)).hasMessageContaining("300x200");
  }

  private static List<byte[]> files() {
    List<byte[]> files = new ArrayList<>();
    for (int width : new int[] {1, 7, 8, 16, 17, 33, 100}) {
      for (int height : new int[] {1, 8, 15, 40}) {
        files.add(EncodedImages.jpeg(width, height, width + height));
      }
    }
    files.add(EncodedImages.encoded(EncodedImages.grayScene(33, 20, 1), "jpeg"));
    files.add(EncodedImages.progressiveJpeg(EncodedImages.grayScene(33, 20, 1)));
    for (int width : new int[] {1, 16, 45}) {
      files.add(EncodedImages.progressiveJpeg(EncodedImages.scene(width, 37, width)));
    }
    for (int horizontal : new int[] {1, 2, 4}) {
      for (int vertical : new int[] {1, 2}) {
        if (JDK_LINKS_LIBJPEG_TURBO || horizontal > 1 || vertical == 1) {
          files.add(
              EncodedImages.subsampledJpeg(
                  EncodedImages.scene(61, 47, horizontal), horizontal, vertical));
        }
      }
    }
    return files;
  }

  private static byte[] mutant(byte[] file, Random random) {
    byte[] mutant = file.clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
    }
    return random.nextInt(4) == 0
        ? Arrays.copyOf(mutant, 1 + random.nextInt(mutant.length))
        : mutant;
  }

  private static List<byte[]> filesBelow(Path folder) throws Exception {
    List<byte[]> files = new ArrayList<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) paths.filter(Files::isRegularFile).sorted()::iterator) {
        byte[] file = Files.readAllBytes(path);
        if (ImageFormat.detect(file) == ImageFormat.JPEG) {
          files.add(file);
        }
      }
    }
    assertThat(files).isNotEmpty();
    return files;
  }
}
