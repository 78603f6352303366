package dev.phistream.image;

import dev.phistream.image.ImageException.Code;

/** Undoes the differences that a compressor was fed with instead of samples. */
final class TiffPredictor {
  static final int NONE = 1;
  private static final int HORIZONTAL = 2;
  private static final int FLOATING_POINT = 3;

  private TiffPredictor() {}

  /** Undoes a predictor in the rows of a block, in place. */
  static void undo(
      int predictor, byte[] block, int rowBytes, int rows, int samples, int bits, boolean bigEndian)
      throws ImageException {
    switch (predictor) {
      case NONE -> {}
      case HORIZONTAL -> {
        for (int row = 0; row < rows; row++) {
          horizontal(block, row * rowBytes, rowBytes, samples, bits, bigEndian);
        }
      }
      case FLOATING_POINT -> {
        for (int row = 0; row < rows; row++) {
          floatingPoint(block, row * rowBytes, rowBytes, samples, bits / 8, bigEndian);
        }
      }
      default -> throw new ImageException(Code.UNSUPPORTED, "TIFF: predictor " + predictor);
    }
  }

  /** TIFF 6.0, section 14, for whole bytes. */
  private static void horizontal(
      byte[] block, int start, int rowBytes, int samples, int bits, boolean bigEndian)
      throws ImageException {
    int end = start + rowBytes;
    switch (bits) {
      case 8 -> {
        for (int i = start + samples; i < end; i++) {
          block[i] += block[i - samples];
        }
      }
      case 16, 32, 64 -> {
        int size = bits / 8;
        int step = samples * size;
        int low = bigEndian ? size - 1 : 0;
        int up = bigEndian ? -1 : 1;
        for (int i = start + step; i + size <= end; i += size) {
          int carry = 0;
          for (int k = 0, at = i + low; k < size; k++, at += up) {
            int sum = (block[at] & 0xff) + (block[at - step] & 0xff) + carry;
            block[at] = (byte) sum;
            carry = sum >> 8;
          }
        }
      }
      default ->
          throw new ImageException(Code.UNSUPPORTED, "TIFF: predictor 2 with " + bits + " bits");
    }
  }

  /** Adobe Photoshop TIFF Technical Note 3: bytes of equal weight stand together. */
  private static void floatingPoint(
      byte[] block, int start, int rowBytes, int samples, int size, boolean bigEndian) {
    if (size == 0) {
      return;
    }
    for (int i = start + samples; i < start + rowBytes; i++) {
      block[i] += block[i - samples];
    }
    byte[] planes = new byte[rowBytes];
    System.arraycopy(block, start, planes, 0, rowBytes);
    int count = rowBytes / size;
    for (int i = 0; i < count; i++) {
      for (int k = 0; k < size; k++) {
        block[start + size * i + (bigEndian ? k : size - 1 - k)] = planes[k * count + i];
      }
    }
  }
}
