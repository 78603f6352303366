package dev.phistream.image;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import dev.phistream.image.ImageException.Code;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The host's libheif, 1.13 or newer, which decodes AVIF (with libdav1d or libaom) and HEIC (with
 * libde265). Names and numbers are those of {@code libheif/heif.h}. Thread-safe.
 */
final class LibHeif {
  private static final int COLORSPACE_RGB = 1;
  private static final int INTERLEAVED_RGB = 10;
  private static final int INTERLEAVED_RGBA = 11;
  private static final int CHANNEL_INTERLEAVED = 10;

  private static final int ERROR_UNSUPPORTED_FILETYPE = 3;
  private static final int ERROR_UNSUPPORTED_FEATURE = 4;
  private static final int SUBERROR_END_OF_DATA = 100;

  private static final int MOST_METADATA_BLOCKS = 16;
  private static final long MOST_XMP_BYTES = 1 << 20;

  /** {@code struct heif_error}, which functions return by value. */
  @Structure.FieldOrder({"code", "subcode", "message"})
  public static final class HeifError extends Structure implements Structure.ByValue {
    /** {@code enum heif_error_code}; 0 if all went well. */
    public int code;

    /** {@code enum heif_suberror_code}. */
    public int subcode;

    /** Text that the library owns. */
    public @Nullable Pointer message;
  }

  /** The functions, under their names in C. */
  @SuppressWarnings({"MethodName", "checkstyle:MethodName"})
  private interface Functions extends Library {
    Pointer heif_context_alloc();

    void heif_context_free(Pointer context);

    HeifError heif_context_read_from_memory_without_copy(
        Pointer context, Pointer data, long size, @Nullable Pointer options);

    HeifError heif_context_get_primary_image_handle(Pointer context, PointerByReference handle);

    void heif_image_handle_release(Pointer handle);

    int heif_image_handle_get_width(Pointer handle);

    int heif_image_handle_get_height(Pointer handle);

    int heif_image_handle_has_alpha_channel(Pointer handle);

    int heif_image_handle_get_list_of_metadata_block_IDs(
        Pointer handle, @Nullable String type, int[] ids, int count);

    String heif_image_handle_get_metadata_type(Pointer handle, int id);

    long heif_image_handle_get_metadata_size(Pointer handle, int id);

    HeifError heif_image_handle_get_metadata(Pointer handle, int id, byte[] out);

    HeifError heif_decode_image(
        Pointer handle, PointerByReference image, int colorspace, int chroma, @Nullable Pointer o);

    Pointer heif_image_get_plane_readonly(Pointer image, int channel, IntByReference stride);

    int heif_image_get_width(Pointer image, int channel);

    int heif_image_get_height(Pointer image, int channel);

    void heif_image_release(Pointer image);
  }

  /** Loads once, when the first image comes. */
  private static final class Loaded {
    static final @Nullable LibHeif INSTANCE;

    static {
      LibHeif instance = null;
      for (String name : List.of("libheif.so.1", "heif")) {
        try {
          instance = instance == null ? new LibHeif(Native.load(name, Functions.class)) : instance;
        } catch (LinkageError e) {
          // The next name, or none: the message of each refusal says so.
        }
      }
      INSTANCE = instance;
    }
  }

  private final Functions functions;

  private LibHeif(Functions functions) {
    this.functions = functions;
  }

  /** Whether the host has the library. */
  static boolean isPresent() {
    return Loaded.INSTANCE != null;
  }

  /**
   * Returns the library.
   *
   * @param seen what shall be decoded, for the message
   * @throws ImageException if the host has none
   */
  static LibHeif instance(String seen) throws ImageException {
    if (Loaded.INSTANCE == null) {
      throw new ImageException(
          Code.UNSUPPORTED, seen + ": the host has no libheif (Debian: apt-get install libheif1)");
    }
    return Loaded.INSTANCE;
  }

  /**
   * Reads a file's boxes.
   *
   * @throws ImageException if it has no primary image
   */
  Primary open(byte[] file) throws ImageException {
    Memory data = new Memory(file.length);
    data.write(0, file, 0, file.length);
    Pointer context = functions.heif_context_alloc();
    try {
      check(functions.heif_context_read_from_memory_without_copy(context, data, file.length, null));
      PointerByReference handle = new PointerByReference();
      check(functions.heif_context_get_primary_image_handle(context, handle));
      return new Primary(data, context, handle.getValue());
    } catch (ImageException e) {
      functions.heif_context_free(context);
      data.close();
      throw e;
    }
  }

  private static void check(HeifError error) throws ImageException {
    if (error.code == 0) {
      return;
    }
    Code code =
        error.subcode == SUBERROR_END_OF_DATA
            ? Code.TRUNCATED
            : error.code == ERROR_UNSUPPORTED_FILETYPE || error.code == ERROR_UNSUPPORTED_FEATURE
                ? Code.UNSUPPORTED
                : Code.UNDECODABLE;
    String message = error.message == null ? "" : error.message.getString(0);
    throw new ImageException(code, "libheif: " + message.replaceAll("[^ -~]", "?"));
  }

  /** The primary image of an open file. To be closed by the thread that opened it. */
  final class Primary implements AutoCloseable {
    private final Memory data;
    private final Pointer context;
    private final Pointer handle;

    private Primary(Memory data, Pointer context, Pointer handle) {
      this.data = data;
      this.context = context;
      this.handle = handle;
    }

    /** Pixels in a row, after the turns that the file's properties ask for. */
    int width() {
      return functions.heif_image_handle_get_width(handle);
    }

    int height() {
      return functions.heif_image_handle_get_height(handle);
    }

    boolean hasAlpha() {
      return functions.heif_image_handle_has_alpha_channel(handle) != 0;
    }

    /** The orientation in XMP, if no Exif block stands beside it. */
    Orientation orientationOfXmp() throws ImageException {
      int[] ids = new int[MOST_METADATA_BLOCKS];
      int count =
          functions.heif_image_handle_get_list_of_metadata_block_IDs(handle, null, ids, ids.length);
      OrientationTags tags = new OrientationTags();
      for (int i = 0; i < count; i++) {
        long size = functions.heif_image_handle_get_metadata_size(handle, ids[i]);
        String type = functions.heif_image_handle_get_metadata_type(handle, ids[i]);
        if (type.equals("Exif")) {
          return Orientation.NORMAL;
        }
        if (type.equals("mime") && size <= MOST_XMP_BYTES) {
          byte[] xmp = new byte[(int) size];
          check(functions.heif_image_handle_get_metadata(handle, ids[i], xmp));
          tags.xmp(xmp, 0, xmp.length);
        }
      }
      return tags.orientation();
    }

    RgbImage decode(boolean alpha, Background background) throws ImageException {
      PointerByReference result = new PointerByReference();
      check(
          functions.heif_decode_image(
              handle, result, COLORSPACE_RGB, alpha ? INTERLEAVED_RGBA : INTERLEAVED_RGB, null));
      Pointer image = result.getValue();
      try {
        return pixels(image, alpha, background);
      } finally {
        functions.heif_image_release(image);
      }
    }

    private RgbImage pixels(Pointer image, boolean alpha, Background background)
        throws ImageException {
      int width = functions.heif_image_get_width(image, CHANNEL_INTERLEAVED);
      int height = functions.heif_image_get_height(image, CHANNEL_INTERLEAVED);
      if (width != width() || height != height()) {
        throw new ImageException(Code.UNDECODABLE, "libheif: contradictory sizes");
      }
      IntByReference stride = new IntByReference();
      Pointer plane = functions.heif_image_get_plane_readonly(image, CHANNEL_INTERLEAVED, stride);
      byte[] pixels = new byte[3 * width * height];
      byte[] row = new byte[(alpha ? 4 : 3) * width];
      for (int y = 0; y < height; y++) {
        plane.read((long) y * stride.getValue(), row, 0, row.length);
        int target = 3 * width * y;
        if (!alpha) {
          System.arraycopy(row, 0, pixels, target, row.length);
          continue;
        }
        for (int x = 0; x < width; x++) {
          background.compose(
              pixels,
              target + 3 * x,
              row[4 * x] & 0xff,
              row[4 * x + 1] & 0xff,
              row[4 * x + 2] & 0xff,
              row[4 * x + 3] & 0xff);
        }
      }
      return new RgbImage(width, height, pixels);
    }

    @Override
    public void close() {
      functions.heif_image_handle_release(handle);
      functions.heif_context_free(context);
      data.close();
    }
  }
}
