package dev.phistream.image;

import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import dev.phistream.image.JpegHeader.ColorModel;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A grey, YCbCr or RGB JPEG file that libjpeg-turbo decodes if it has no damage. The JDK's reader
 * has the files with damage, so that their pixels and verdicts do not depend on the library.
 *
 * <p>The library gets no size that it has not read from the file itself, and writes only into
 * memory of that size.
 */
final class TurboJpegImage implements EncodedImage {
  /** Reductions whose inverse transforms are vectorised in the library. */
  private static final int[] REDUCTIONS = {8, 4, 2};

  private final TurboJpeg library;
  private final NativeBuffers buffers;
  private final JpegHeader header;
  private final EncodedImage jdk;

  /**
   * Describes an image.
   *
   * @param jdk the image as the JDK's reader decodes it
   */
  TurboJpegImage(TurboJpeg library, NativeBuffers buffers, JpegHeader header, EncodedImage jdk) {
    this.library = library;
    this.buffers = buffers;
    this.header = header;
    this.jdk = jdk;
  }

  /** Whether files of a colour model are decoded here. */
  static boolean supports(ColorModel model) {
    return switch (model) {
      case GRAY, YCBCR, RGB -> true;
      case CMYK, YCCK -> false;
    };
  }

  /** The JDK's reader's cost, and the library's image, which is copied from native memory. */
  @Override
  public DecodeCost cost() {
    DecodeCost cost = jdk.cost();
    return new DecodeCost(
        cost.format(),
        cost.width(),
        cost.height(),
        cost.work(),
        cost.memory() + DecodeCost.RGB * cost.pixels());
  }

  @Override
  public Orientation orientation() {
    return jdk.orientation();
  }

  @Override
  public RgbImage decode(Background background) throws ImageException, IOException {
    return decode(background, Integer.MAX_VALUE);
  }

  @Override
  public RgbImage decode(Background background, int shortEdge) throws ImageException, IOException {
    RgbImage image = undamaged(shortEdge);
    return image == null ? jdk.decode(background) : image;
  }

  /** Returns null if the file has any damage. */
  private @Nullable RgbImage undamaged(int shortEdge) {
    byte[] file = header.plainFile(header.colorModel());
    int reduction = reduction(Math.min(header.width(), header.height()), shortEdge);
    int width = reduced(header.width(), reduction);
    int height = reduced(header.height(), reduction);
    long size = (long) DecodeCost.RGB * width * height;
    try (NativeBuffers.Buffer encoded = buffers.lend(file.length);
        NativeBuffers.Buffer decoded = buffers.lend(size)) {
      encoded.memory().write(0, file, 0, file.length);
      if (!decode(encoded, decoded, width, height)) {
        return null;
      }
      byte[] pixels = new byte[Math.toIntExact(size)];
      decoded.memory().read(0, pixels, 0, pixels.length);
      return new RgbImage(width, height, pixels);
    }
  }

  private boolean decode(
      NativeBuffers.Buffer encoded, NativeBuffers.Buffer decoded, int width, int height) {
    Pointer handle = library.tjInitDecompress();
    if (handle == null) {
      throw new OutOfMemoryError("libjpeg-turbo: no memory for a decoder");
    }
    try {
      return hasSizeOfHeader(handle, encoded)
          && library.tjDecompress2(
                  handle,
                  encoded.memory(),
                  new NativeLong(encoded.size()),
                  decoded.memory(),
                  width,
                  DecodeCost.RGB * width,
                  height,
                  TurboJpeg.TJPF_RGB,
                  TurboJpeg.TJFLAG_STOPONWARNING)
              == 0;
    } finally {
      library.tjDestroy(handle);
    }
  }

  private boolean hasSizeOfHeader(Pointer handle, NativeBuffers.Buffer encoded) {
    int[] width = new int[1];
    int[] height = new int[1];
    return library.tjDecompressHeader3(
                handle,
                encoded.memory(),
                new NativeLong(encoded.size()),
                width,
                height,
                new int[1],
                new int[1])
            == 0
        && width[0] == header.width()
        && height[0] == header.height();
  }

  /** The largest reduction that leaves the short edge twice what is needed, else 1. */
  private static int reduction(int edge, int needed) {
    for (int reduction : REDUCTIONS) {
      if (edge / reduction >= 2L * needed) {
        return reduction;
      }
    }
    return 1;
  }

  /** The library's own rounding of reduced sizes. */
  private static int reduced(int edge, int reduction) {
    return (edge + reduction - 1) / reduction;
  }
}
