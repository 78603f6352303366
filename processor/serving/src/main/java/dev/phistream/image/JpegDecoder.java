package dev.phistream.image;

import dev.phistream.image.ImageException.Code;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;

/**
 * JPEG through the JDK's reader (libjpeg): baseline, extended and progressive Huffman, grey, YCbCr,
 * RGB, CMYK and YCCK. Colour profiles are ignored.
 */
final class JpegDecoder implements FormatDecoder {
  /**
   * Each scan of a progressive file walks over the whole image, so a small file with thousands of
   * scans keeps a core busy for minutes. Encoders write about ten.
   */
  private static final int MOST_SCANS = 100;

  private static final ColorModel RGB =
      new ComponentColorModel(
          ColorSpace.getInstance(ColorSpace.CS_sRGB),
          false,
          false,
          Transparency.OPAQUE,
          DataBuffer.TYPE_BYTE);

  private final DecodeLimits limits;
  private final ImageReaderSpi provider = Readers.jdk("jpeg");

  JpegDecoder(DecodeLimits limits) {
    this.limits = limits;
  }

  @Override
  public Stored decode(byte[] encoded) throws ImageException, IOException {
    JpegHeader header = JpegHeader.of(encoded);
    limits.checkSize(header.width(), header.height());
    byte[] file = header.plainFile();
    if (header.progressive()) {
      checkScans(file);
    }
    EncodedInput input = new EncodedInput(file);
    ImageReader reader = provider.createReaderInstance();
    try {
      reader.setInput(input, true, true);
      byte[] pixels =
          switch (header.colorModel()) {
            case YCBCR, RGB -> rgb(reader, header);
            case GRAY -> Samples.grayToRgb(samples(reader));
            case CMYK -> Samples.invertedCmykToRgb(samples(reader));
            case YCCK -> Samples.invertedCmykToRgb(Samples.ycckToCmyk(samples(reader)));
          };
      if (input.exhausted()) {
        throw new ImageException(
            Code.TRUNCATED, "JPEG: ends before its image does, at byte " + encoded.length);
      }
      return new Stored(
          new RgbImage(header.width(), header.height(), pixels), header.orientation());
    } catch (IOException | RuntimeException e) {
      input.checkExhausted(e);
      throw e;
    } finally {
      reader.dispose();
    }
  }

  private static void checkScans(byte[] file) throws ImageException {
    int scans = 0;
    for (int i = 0; i + 1 < file.length; i++) {
      if (file[i] == (byte) 0xff && file[i + 1] == (byte) 0xda && ++scans > MOST_SCANS) {
        throw new ImageException(
            Code.TOO_LARGE, "JPEG: progressive scans (expected: <= " + MOST_SCANS + ")");
      }
    }
  }

  /** Lets the reader convert and write straight into the array that is returned. */
  private static byte[] rgb(ImageReader reader, JpegHeader header) throws IOException {
    int width = header.width();
    int height = header.height();
    byte[] pixels = new byte[3 * width * height];
    WritableRaster raster =
        Raster.createInterleavedRaster(
            new DataBufferByte(pixels, pixels.length),
            width,
            height,
            3 * width,
            3,
            new int[] {0, 1, 2},
            null);
    ImageReadParam param = reader.getDefaultReadParam();
    param.setDestination(new BufferedImage(RGB, raster, false, null));
    reader.read(0, param);
    return pixels;
  }

  private static byte[] samples(ImageReader reader) throws IOException {
    return ((DataBufferByte) reader.readRaster(0, null).getDataBuffer()).getData();
  }
}
