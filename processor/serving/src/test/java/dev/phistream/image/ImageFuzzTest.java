package dev.phistream.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.phistream.testkit.EncodedImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Decodes mutants of whole files: some hundreds in each build, 10,000 with {@code -Pfuzz}. The seed
 * is fixed, so that a failure comes again; its message has the mutant's number.
 */
class ImageFuzzTest {
  private static final int MUTANTS = Integer.getInteger("phistream.test.image-mutants", 400);
  private static final long SEED = 20_261_130;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Path SHARED = Path.of("../../../shared/data");
  private static final long LONGEST_FILE = 200_000;
  private static final long GROWTH = 64L << 20;

  /** Small, so that a mutant that grew costs milliseconds. */
  private static final ImageDecoder DECODER =
      new ImageDecoder(new DecodeLimits(1 << 20, 1_000_000, 65_535));

  @Test
  void any_mutant_gives_an_image_or_one_stable_code_in_bounded_time_and_memory() throws Exception {
    List<byte[]> files = files();
    Random random = new Random(SEED);
    Map<String, Integer> verdicts = new TreeMap<>();
    long before = usedAfterCollection();
    for (int i = 0; i < MUTANTS; i++) {
      byte[] mutant = mutant(files.get(random.nextInt(files.size())), files, random);
      String verdict = verdict(i, mutant);
      verdicts.merge(verdict.replaceAll(" .*", ""), 1, Integer::sum);
      if (i % 10 == 0) {
        assertThat(verdict(i, mutant)).as("mutant %d again", i).isEqualTo(verdict);
      }
    }
    System.out.println(MUTANTS + " mutants of " + files.size() + " files: " + verdicts);

    assertThat(usedAfterCollection() - before).as("growth of the heap").isLessThan(GROWTH);
  }

  private static String verdict(int number, byte[] mutant) {
    return assertTimeoutPreemptively(
        PATIENCE,
        () -> {
          try {
            DecodeCost cost = DECODER.inspect(mutant);
            RgbImage image = DECODER.decode(mutant);
            assertThat((long) image.width() * image.height())
                .as("pixels of mutant %d, as its header says", number)
                .isEqualTo(cost.pixels());
            return "decoded " + image;
          } catch (ImageException e) {
            assertThat(e.getMessage()).as("message of mutant %d", number).isNotNull();
            assertThat(e.getMessage().chars().noneMatch(Character::isISOControl))
                .as("message of mutant %d without control characters: %s", number, e.getMessage())
                .isTrue();
            return e.code().id();
          }
        },
        () -> "mutant " + number);
  }

  /** Own files of each format that the JDK writes, and Pillow's where they are. */
  private static List<byte[]> files() throws IOException {
    List<byte[]> files = new ArrayList<>();
    for (String format : List.of("jpeg", "png", "gif", "bmp", "tiff")) {
      files.add(EncodedImages.encoded(EncodedImages.scene(41, 31, 1), format));
    }
    files.add(EncodedImages.progressiveJpeg(EncodedImages.scene(41, 31, 2)));
    for (String folder : List.of("odd-images", "pictures", "hostile")) {
      Path directory = SHARED.resolve(folder);
      if (!Files.isDirectory(directory)) {
        System.out.println("no test data at " + directory.toAbsolutePath().normalize());
        continue;
      }
      try (Stream<Path> list = Files.list(directory)) {
        for (Path file : list.filter(Files::isRegularFile).sorted().toList()) {
          if (Files.size(file) <= LONGEST_FILE && !file.toString().endsWith(".csv")) {
            files.add(Files.readAllBytes(file));
          }
        }
      }
    }
    return files;
  }

  /** One to eight changes: bytes, words, cuts, repeated parts, and parts of other files. */
  private static byte[] mutant(byte[] file, List<byte[]> files, Random random) {
    byte[] mutant = file.clone();
    for (int change = random.nextInt(8); change >= 0; change--) {
      int reach = random.nextInt(3) == 0 ? mutant.length : Math.min(256, mutant.length);
      int at = random.nextInt(reach);
      switch (random.nextInt(8)) {
        case 0 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
        case 1, 2 -> mutant[at] = (byte) random.nextInt();
        case 3 -> {
          byte value = (byte) (random.nextBoolean() ? 0xff : 0);
          Arrays.fill(mutant, at, Math.min(mutant.length, at + 1 + random.nextInt(4)), value);
        }
        case 4 -> {
          if (at > 8 && random.nextInt(4) == 0) {
            mutant = Arrays.copyOf(mutant, at);
          }
        }
        case 5 -> mutant = repeated(mutant, at, random);
        case 6 -> {
          byte[] other = files.get(random.nextInt(files.size()));
          int count = Math.min(random.nextInt(64), Math.min(other.length, mutant.length - at));
          System.arraycopy(other, random.nextInt(other.length - count + 1), mutant, at, count);
        }
        default -> {
          if (at + 4 <= mutant.length) {
            mutant[at + random.nextInt(4)] += (byte) (random.nextInt(5) - 2);
          }
        }
      }
    }
    return mutant;
  }

  private static byte[] repeated(byte[] file, int at, Random random) {
    int count = Math.min(1 + random.nextInt(2_000), file.length - at);
    byte[] longer = Arrays.copyOf(file, file.length + count);
    System.arraycopy(file, at, longer, at + count, file.length - at);
    return longer;
  }

  private static long usedAfterCollection() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
