package dev.phistream.image;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.util.List;

/**
 * The part of the TurboJPEG API that decoding needs: functions of version 2.0 of libjpeg-turbo,
 * which version 3 still has. Constants are those of {@code turbojpeg.h}.
 */
interface TurboJpeg extends Library {
  /** Pixel format: bytes red, green, blue. */
  int TJPF_RGB = 0;

  /** Ends decoding at the first sign of damage, instead of guessing what is missing. */
  int TJFLAG_STOPONWARNING = 8192;

  Pointer tjInitDecompress();

  int tjDecompressHeader3(
      Pointer handle,
      Pointer file,
      NativeLong fileBytes,
      int[] width,
      int[] height,
      int[] subsampling,
      int[] colorSpace);

  int tjDecompress2(
      Pointer handle,
      Pointer file,
      NativeLong fileBytes,
      Pointer pixels,
      int width,
      int bytesPerRow,
      int height,
      int pixelFormat,
      int flags);

  int tjDestroy(Pointer handle);

  /** Exists since version 2.0; loading an older library fails. */
  int tjGetErrorCode(Pointer handle);

  /**
   * Loads the system's library.
   *
   * @throws UnsatisfiedLinkError if there is none, or one before version 2.0
   */
  static TurboJpeg load() {
    List<String> names =
        Platform.isLinux() ? List.of("libturbojpeg.so.0", "turbojpeg") : List.of("turbojpeg");
    UnsatisfiedLinkError absent = new UnsatisfiedLinkError("libturbojpeg: not found");
    for (String name : names) {
      try {
        TurboJpeg library = Native.load(name, TurboJpeg.class);
        Pointer handle = library.tjInitDecompress();
        if (handle != null) {
          library.tjGetErrorCode(handle);
          library.tjDestroy(handle);
          return library;
        }
      } catch (UnsatisfiedLinkError e) {
        absent.addSuppressed(e);
      }
    }
    throw absent;
  }
}
