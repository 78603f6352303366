package dev.phistream.image;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import dev.phistream.image.ImageException.Code;
import java.io.File;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Google's libwebp, the decoder of browsers and of Pillow, from the native libraries that the
 * artifact {@code webp-imageio} brings for Linux, macOS and Windows. Only its C interface is used
 * ({@code src/webp/decode.h}), so that the pixels come without a detour over ARGB. Thread-safe.
 */
final class LibWebp {
  /** Where the build unpacks the libraries. */
  private static final String FOLDER = "/dev/phistream/image/libwebp";

  /** The functions, under their names in C. */
  @SuppressWarnings("MethodName")
  private interface Functions extends Library {
    @Nullable Pointer WebPDecodeRGBInto(
        byte[] data, long dataSize, byte[] output, long outputSize, int stride);

    @Nullable Pointer WebPDecodeRGBAInto(
        byte[] data, long dataSize, byte[] output, long outputSize, int stride);
  }

  /** Loads once, when the first WebP image comes. */
  private static final class Loaded {
    static final @Nullable LibWebp INSTANCE;
    static final String FAILURE;

    static {
      LibWebp instance = null;
      String failure = "";
      try {
        File file = Native.extractFromResourcePath(resource(), LibWebp.class.getClassLoader());
        instance = new LibWebp(Native.load(file.getAbsolutePath(), Functions.class));
      } catch (IOException | LinkageError e) {
        failure = String.valueOf(e.getMessage());
      }
      INSTANCE = instance;
      FAILURE = failure;
    }

    private static String resource() {
      String arch = Platform.ARCH.equals("x86-64") ? "x86_64" : Platform.ARCH;
      if (Platform.isMac()) {
        return FOLDER + "/native/Mac/" + arch + "/libwebp-imageio.dylib";
      }
      return Platform.isWindows()
          ? FOLDER + "/native/Windows/" + arch + "/webp-imageio.dll"
          : FOLDER + "/native/Linux/" + arch + "/libwebp-imageio.so";
    }
  }

  private final Functions functions;

  private LibWebp(Functions functions) {
    this.functions = functions;
  }

  /**
   * Returns the library.
   *
   * @throws ImageException if there is none for this platform
   */
  static LibWebp instance() throws ImageException {
    if (Loaded.INSTANCE == null) {
      throw new ImageException(
          Code.UNSUPPORTED, "WebP: libwebp does not load here: " + Loaded.FAILURE);
    }
    return Loaded.INSTANCE;
  }

  /**
   * Decodes a file into rows of RGB.
   *
   * @return whether it could
   */
  boolean rgb(byte[] file, byte[] output, int stride) {
    return functions.WebPDecodeRGBInto(file, file.length, output, output.length, stride) != null;
  }

  /**
   * Decodes a file into rows of RGB and alpha, not multiplied.
   *
   * @return whether it could
   */
  boolean rgba(byte[] file, byte[] output, int stride) {
    return functions.WebPDecodeRGBAInto(file, file.length, output, output.length, stride) != null;
  }
}
