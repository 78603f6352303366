package dev.phistream.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.DirectColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;

/**
 * Pixels of Java's images as interleaved RGB bytes, without colour management: samples count as
 * sRGB whatever profile came along, alpha is dropped, 16 bits become the upper 8.
 */
final class Rasters {
  private Rasters() {}

  static RgbImage rgb(BufferedImage image) {
    ColorModel colors = image.getColorModel();
    Raster raster = image.getRaster();
    byte[] pixels;
    if (colors instanceof IndexColorModel palette) {
      pixels = indexed(raster, palette);
    } else if (colors instanceof ComponentColorModel
        && raster.getTransferType() <= DataBuffer.TYPE_USHORT) {
      pixels =
          switch (colors.getColorSpace().getType()) {
            case ColorSpace.TYPE_GRAY -> Samples.grayToRgb(bands(raster, 1));
            case ColorSpace.TYPE_RGB -> bands(raster, 3);
            case ColorSpace.TYPE_CMYK -> Samples.cmykToRgb(bands(raster, 4));
            default -> converted(image);
          };
    } else if (colors instanceof DirectColorModel) {
      pixels = bands(raster, 3);
    } else {
      pixels = converted(image);
    }
    return new RgbImage(image.getWidth(), image.getHeight(), pixels);
  }

  /** The first bands of a raster, interleaved, each sample brought to 8 bits. */
  static byte[] bands(Raster raster, int count) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    byte[] out = new byte[count * width * height];
    if (raster.getSampleModel() instanceof PixelInterleavedSampleModel layout
        && raster.getDataBuffer() instanceof DataBufferByte data
        && raster.getSampleModelTranslateX() == 0
        && raster.getSampleModelTranslateY() == 0) {
      byte[] in = data.getData();
      int[] offsets = layout.getBandOffsets();
      int step = layout.getPixelStride();
      for (int y = 0, target = 0; y < height; y++) {
        int source = data.getOffset() + y * layout.getScanlineStride();
        for (int x = 0; x < width; x++, source += step) {
          for (int band = 0; band < count; band++) {
            out[target++] = in[source + offsets[band]];
          }
        }
      }
      return out;
    }
    int bands = raster.getNumBands();
    int[] bits = raster.getSampleModel().getSampleSize();
    int[] row = new int[bands * width];
    for (int y = 0, target = 0; y < height; y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int x = 0; x < width; x++) {
        for (int band = 0; band < count; band++) {
          out[target++] = to8Bits(row[bands * x + band], bits[band]);
        }
      }
    }
    return out;
  }

  private static byte to8Bits(int sample, int bits) {
    if (bits == 8) {
      return (byte) sample;
    }
    return (byte) (bits > 8 ? sample >>> (bits - 8) : sample * 255 / ((1 << bits) - 1));
  }

  private static byte[] indexed(Raster raster, IndexColorModel palette) {
    int[] colors = new int[palette.getMapSize()];
    palette.getRGBs(colors);
    return indexed(raster, colors);
  }

  /** Looks samples of band 0 up in a palette of 0xRRGGBB; what lies outside is black. */
  static byte[] indexed(Raster raster, int[] palette) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    byte[] out = new byte[3 * width * height];
    int[] row = new int[width];
    for (int y = 0, target = 0; y < height; y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, row);
      for (int x = 0; x < width; x++, target += 3) {
        put(out, target, row[x] < palette.length ? palette[row[x]] : 0);
      }
    }
    return out;
  }

  /** Java's own conversion, for colour spaces that have no plain way to RGB. */
  private static byte[] converted(BufferedImage image) {
    int width = image.getWidth();
    byte[] out = new byte[3 * width * image.getHeight()];
    int[] row = new int[width];
    for (int y = 0, target = 0; y < image.getHeight(); y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int x = 0; x < width; x++, target += 3) {
        put(out, target, row[x]);
      }
    }
    return out;
  }

  private static void put(byte[] out, int target, int color) {
    out[target] = (byte) (color >> 16);
    out[target + 1] = (byte) (color >> 8);
    out[target + 2] = (byte) color;
  }
}
