package dev.phistream.image;

/** The chunks of a WebP file (RIFF container, RFC 9649). */
final class Riff {
  private Riff() {}

  /** The orientation in the Exif chunk; upright if there is none. */
  static Orientation orientation(byte[] file) {
    int position = 12;
    while (file.length - position >= 8) {
      long size = uint32(file, position + 4);
      if (size > file.length - position - 8) {
        break;
      }
      int start = position + 8;
      int end = start + (int) size;
      if (Magic.at(file, position, "EXIF")) {
        int tiff = Magic.at(file, start, "Exif\0\0") ? start + 6 : start;
        return Exif.orientation(file, Math.min(tiff, end), end);
      }
      position = end + (int) (size & 1);
    }
    return Orientation.NORMAL;
  }

  private static long uint32(byte[] file, int at) {
    return (file[at] & 0xffL)
        | (file[at + 1] & 0xffL) << 8
        | (file[at + 2] & 0xffL) << 16
        | (file[at + 3] & 0xffL) << 24;
  }
}
