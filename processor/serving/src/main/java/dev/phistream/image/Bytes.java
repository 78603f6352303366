package dev.phistream.image;

/** Unsigned integers in byte arrays. Bounds are the caller's to check. */
final class Bytes {
  private Bytes() {}

  static int uint8(byte[] bytes, int at) {
    return bytes[at] & 0xff;
  }

  static int uint16(byte[] bytes, int at, boolean bigEndian) {
    return bigEndian
        ? uint8(bytes, at) << 8 | uint8(bytes, at + 1)
        : uint8(bytes, at) | uint8(bytes, at + 1) << 8;
  }

  static int uint24(byte[] bytes, int at) {
    return uint16(bytes, at, false) | uint8(bytes, at + 2) << 16;
  }

  static long uint32(byte[] bytes, int at, boolean bigEndian) {
    return int32(bytes, at, bigEndian) & 0xffffffffL;
  }

  static int int32(byte[] bytes, int at, boolean bigEndian) {
    return bigEndian
        ? uint16(bytes, at, true) << 16 | uint16(bytes, at + 2, true)
        : uint16(bytes, at, false) | uint16(bytes, at + 2, false) << 16;
  }

  static long int64(byte[] bytes, int at, boolean bigEndian) {
    return bigEndian
        ? uint32(bytes, at, true) << 32 | uint32(bytes, at + 4, true)
        : uint32(bytes, at, false) | uint32(bytes, at + 4, false) << 32;
  }
}
