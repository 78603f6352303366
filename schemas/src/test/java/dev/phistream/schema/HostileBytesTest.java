package dev.phistream.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.event.Classification;
import dev.phistream.event.ImageEvent;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Damaged records are either read or refused with the documented exception, and stay cheap. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HostileBytesTest {
  private static final int MUTANTS = 200_000;
  private static final long MOST_BYTES_ALLOCATED = 1 << 20;

  @Test
  void mutated_image_events_are_read_or_refused() {
    SingleObjectCodec<ImageEvent> codec = SingleObjectCodec.imageEvents();
    attack(codec, codec.encode(Samples.imageEvent()), 1);
  }

  @Test
  void mutated_classifications_are_read_or_refused() {
    SingleObjectCodec<Classification> codec = SingleObjectCodec.classifications();
    attack(codec, codec.encode(Samples.classification()), 2);
  }

  private static <T extends SpecificRecord> void attack(
      SingleObjectCodec<T> codec, byte[] seed, long randomSeed) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    Random random = new Random(randomSeed);
    int refused = 0;
    for (int i = 0; i < MUTANTS; i++) {
      byte[] mutant = mutate(seed, random);
      long before = threads.getCurrentThreadAllocatedBytes();
      try {
        codec.decode(mutant);
      } catch (UnreadableRecordException e) {
        refused++;
      }
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      // The very first decodings build Avro's readers, which counts as allocation.
      if (i > 100) {
        assertThat(allocated).as("mutant %d", i).isLessThan(MOST_BYTES_ALLOCATED);
      }
    }
    // Neither is everything refused, which would show that the header broke, nor is nothing.
    assertThat(refused).isBetween(MUTANTS / 20, MUTANTS - MUTANTS / 20);
  }

  /**
   * Overwrites, inserts huge numbers, cuts or repeats; past the header, so that decoding begins.
   */
  private static byte[] mutate(byte[] seed, Random random) {
    byte[] bytes = seed.clone();
    int mutations = 1 + random.nextInt(3);
    for (int i = 0; i < mutations; i++) {
      int at = 10 + random.nextInt(bytes.length - 10);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> // as a length or count: up to 2^63
            Arrays.fill(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(9)), (byte) 0xFF);
        case 3 -> bytes = Arrays.copyOf(bytes, Math.max(11, at));
        default -> {
          byte[] longer = Arrays.copyOf(bytes, bytes.length + (bytes.length - at));
          System.arraycopy(bytes, at, longer, bytes.length, bytes.length - at);
          bytes = longer;
        }
      }
    }
    return bytes;
  }
}
