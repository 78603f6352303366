package dev.phistream.trial;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Draws shares by hash: the same subject is always in or always out, on every machine, and who is
 * in at some share is in at any larger one. Draws of different names are independent of each other
 * and of Kafka's partitions.
 */
final class Share {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private Share() {}

  /** Whether a subject is in a share, 0 to 1. */
  static boolean includes(String name, byte[] subject, double share) {
    long hash = FNV_OFFSET;
    hash = fnv(hash, name.getBytes(UTF_8));
    hash = fnv(hash, new byte[1]); // else "a" + "bc" would draw as "ab" + "c"
    hash = fnv(hash, subject);
    return (mix(hash) >>> 11) * 0x1.0p-53 < share;
  }

  /** FNV-1a of 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/. */
  private static long fnv(long hash, byte[] bytes) {
    long result = hash;
    for (byte b : bytes) {
      result = (result ^ (b & 0xff)) * FNV_PRIME;
    }
    return result;
  }

  /** The end of MurmurHash3 of 64 bits: FNV alone leaves the high bits of short texts alike. */
  private static long mix(long hash) {
    long result = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    result = (result ^ (result >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return result ^ (result >>> 33);
  }
}
