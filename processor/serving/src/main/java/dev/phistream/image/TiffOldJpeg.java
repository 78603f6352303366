package dev.phistream.image;

import dev.phistream.image.ImageException.Code;
import java.io.IOException;
import java.util.Arrays;

/**
 * JPEG in TIFF as version 6.0 had it first (compression 6). Its writers disagreed on what goes
 * where, but nearly all wrote one whole JPEG file, which JPEGInterchangeFormat or the first strip
 * points at; that file is decoded. What has its tables in tags of their own is refused.
 */
final class TiffOldJpeg {
  private TiffOldJpeg() {}

  static EncodedImage open(byte[] file, TiffDirectory directory) throws ImageException {
    long start = directory.value(TiffDirectory.JPEG_INTERCHANGE, -1);
    if (!isJpeg(file, start)) {
      long[] strips = directory.values(TiffDirectory.STRIP_OFFSETS);
      start = strips.length == 1 ? strips[0] : -1;
    }
    if (!isJpeg(file, start)) {
      throw new ImageException(
          Code.UNSUPPORTED, "TIFF: old-style JPEG (compression 6) without a whole JPEG file");
    }
    byte[] jpeg = Arrays.copyOfRange(file, (int) start, file.length);
    JpegHeader header = JpegHeader.of(jpeg);
    int photometric = directory.small(TiffDirectory.PHOTOMETRIC, TiffLayout.YCBCR);
    JpegHeader.ColorModel model = header.colorModel();
    if (model == JpegHeader.ColorModel.YCBCR && photometric == TiffLayout.RGB) {
      model = JpegHeader.ColorModel.RGB;
    }
    return new Turned(new JpegImage(jpeg.length, header, model), directory.orientation());
  }

  private static boolean isJpeg(byte[] file, long start) {
    return start > 0 && start < file.length && Magic.at(file, (int) start, 0xff, 0xd8, 0xff);
  }

  /** An embedded image that the TIFF file, and not the embedded one, says how to turn. */
  private record Turned(EncodedImage image, Orientation orientation) implements EncodedImage {
    @Override
    public DecodeCost cost() {
      return image.cost();
    }

    @Override
    public RgbImage decode(Background background) throws ImageException, IOException {
      return image.decode(background);
    }
  }
}
