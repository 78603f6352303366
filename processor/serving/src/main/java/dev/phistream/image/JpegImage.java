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

/** A JPEG file that the JDK's reader (libjpeg) decodes. Colour profiles are ignored. */
final class JpegImage implements EncodedImage {
  private static final ImageReaderSpi PROVIDER = Readers.jdk("jpeg");

  private static final ColorModel RGB =
      new ComponentColorModel(
          ColorSpace.getInstance(ColorSpace.CS_sRGB),
          false,
          false,
          Transparency.OPAQUE,
          DataBuffer.TYPE_BYTE);

  private final int encodedLength;
  private final JpegHeader header;
  private final JpegHeader.ColorModel model;

  /**
   * Describes an image.
   *
   * @param model what its components are; a container may know better than the file
   * @throws ImageException if the file has another number of components
   */
  JpegImage(int encodedLength, JpegHeader header, JpegHeader.ColorModel model)
      throws ImageException {
    this.encodedLength = encodedLength;
    this.header = header;
    this.model = model;
    if (model.components() != header.colorModel().components()) {
      throw new ImageException(
          Code.UNDECODABLE,
          "JPEG: "
              + header.colorModel().components()
              + " components (expected: "
              + model.components()
              + ")");
    }
  }

  @Override
  public DecodeCost cost() {
    long pixels = (long) header.width() * header.height();
    int bytesPerPixel =
        switch (model) {
          case YCBCR, RGB -> 0;
          case GRAY -> 1;
          case CMYK -> 4;
          case YCCK -> 8;
        };
    long memory = (DecodeCost.RGB + bytesPerPixel) * pixels;
    if (header.buffered()) {
      memory += Short.BYTES * header.samples();
    }
    return new DecodeCost(ImageFormat.JPEG, header.width(), header.height(), header.work(), memory);
  }

  @Override
  public Orientation orientation() {
    return header.orientation();
  }

  @Override
  public RgbImage decode(Background background) throws ImageException, IOException {
    byte[] pixels =
        switch (model) {
          case YCBCR, RGB -> read(this::rgb);
          case GRAY -> Samples.grayToRgb(rawSamples());
          case CMYK -> Samples.invertedCmykToRgb(rawSamples());
          case YCCK -> Samples.invertedCmykToRgb(Samples.ycckToCmyk(rawSamples()));
        };
    return new RgbImage(header.width(), header.height(), pixels);
  }

  /** The components as they are stored, interleaved. */
  byte[] rawSamples() throws ImageException, IOException {
    return read(reader -> ((DataBufferByte) reader.readRaster(0, null).getDataBuffer()).getData());
  }

  @FunctionalInterface
  private interface Reading {
    byte[] from(ImageReader reader) throws IOException;
  }

  private byte[] read(Reading reading) throws ImageException, IOException {
    EncodedInput input = new EncodedInput(header.plainFile(model));
    ImageReader reader = PROVIDER.createReaderInstance();
    try {
      reader.setInput(input, true, true);
      byte[] samples = reading.from(reader);
      if (input.exhausted()) {
        throw new ImageException(
            Code.TRUNCATED, "JPEG: ends before its image does, at byte " + encodedLength);
      }
      return samples;
    } catch (IOException | RuntimeException e) {
      input.checkExhausted(e);
      throw e;
    } finally {
      reader.dispose();
    }
  }

  /** Lets the reader convert and write straight into the array that is returned. */
  private byte[] rgb(ImageReader reader) throws IOException {
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
}
