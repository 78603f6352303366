package dev.phistream.bench;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;

/** Writes lossy WebP files with the libwebp that the program decodes them with; Linux only. */
final class WebpWriter {
  private static final float QUALITY = 75;

  /** The functions, under their names in C. */
  @SuppressWarnings("MethodName")
  private interface Functions extends Library {
    long WebPEncodeRGB(
        byte[] rgb, int width, int height, int stride, float quality, PointerByReference output);

    void WebPFree(Pointer output);
  }

  private final Functions functions;

  private WebpWriter(Functions functions) {
    this.functions = functions;
  }

  /**
   * Loads the library.
   *
   * @throws IOException if there is none for this system
   */
  static WebpWriter load() throws IOException {
    String arch = Platform.ARCH.equals("x86-64") ? "x86_64" : Platform.ARCH;
    try {
      File library =
          Native.extractFromResourcePath(
              "/dev/phistream/image/libwebp/native/Linux/" + arch + "/libwebp-imageio.so",
              WebpWriter.class.getClassLoader());
      return new WebpWriter(Native.load(library.getAbsolutePath(), Functions.class));
    } catch (LinkageError e) {
      throw new IOException("libwebp: does not load: " + e.getMessage(), e);
    }
  }

  byte[] write(BufferedImage image) throws IOException {
    int width = image.getWidth();
    int height = image.getHeight();
    byte[] rgb = new byte[3 * width * height];
    int at = 0;
    for (int color : image.getRGB(0, 0, width, height, null, 0, width)) {
      rgb[at++] = (byte) (color >> 16);
      rgb[at++] = (byte) (color >> 8);
      rgb[at++] = (byte) color;
    }
    PointerByReference output = new PointerByReference();
    long size = functions.WebPEncodeRGB(rgb, width, height, 3 * width, QUALITY, output);
    if (size == 0) {
      throw new IOException("libwebp: does not encode an image of " + width + "x" + height);
    }
    byte[] file = output.getValue().getByteArray(0, Math.toIntExact(size));
    functions.WebPFree(output.getValue());
    return file;
  }
}
