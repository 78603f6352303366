package dev.phistream.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import org.junit.jupiter.api.Test;

/** What is left of an encoded image when its reader is done. */
class EncodedInputTest {
  private static final long PATIENCE_MILLIS = 10_000;

  /** Phantom references to what a finalizer may still reach need a second collection. */
  @Test
  void one_collection_frees_the_bytes_of_a_image_that_is_done() throws InterruptedException {
    ReferenceQueue<byte[]> freed = new ReferenceQueue<>();
    Reference<byte[]> bytes = read(new byte[1000], freed);

    System.gc();

    assertThat(freed.remove(PATIENCE_MILLIS)).isSameAs(bytes);
  }

  private static Reference<byte[]> read(byte[] bytes, ReferenceQueue<byte[]> freed) {
    EncodedInput input = new EncodedInput(bytes);
    assertThat(input.read()).isZero();
    return new PhantomReference<>(bytes, freed);
  }
}
