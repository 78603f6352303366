package dev.phistream.inference;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks NVIDIA's driver for its GPUs, through the library that comes with the driver itself: it is
 * there on every machine with a usable GPU, also where CUDA is not installed. Functions and numbers
 * are those of the CUDA driver API.
 */
final class CudaDriver {
  private static final int NO_DEVICE = 100;
  private static final int CAPABILITY_MAJOR = 75;
  private static final int CAPABILITY_MINOR = 76;
  private static final int LONGEST_NAME = 256;

  /** The part of the driver's library that is needed. */
  private interface Cuda extends Library {
    int cuInit(int flags);

    int cuDeviceGetCount(int[] count);

    int cuDeviceGet(int[] device, int index);

    int cuDeviceGetName(byte[] name, int length, int device);

    int cuDeviceGetAttribute(int[] value, int attribute, int device);
  }

  private CudaDriver() {}

  /** Asks; takes no time without a driver, and up to a second with one, which wakes the GPUs. */
  static Gpus ask() {
    String library = Platform.isWindows() ? "nvcuda" : "libcuda.so.1";
    try {
      return ask(Native.load(library, Cuda.class));
    } catch (UnsatisfiedLinkError e) {
      return Gpus.none(
          "the GPU driver is not there: no %s (in a container, start it with the GPUs: docker run --gpus all)"
              .formatted(library));
    }
  }

  private static Gpus ask(Cuda cuda) {
    int started = cuda.cuInit(0);
    if (started != 0 && started != NO_DEVICE) {
      return Gpus.none("the GPU driver does not start: cuInit answers CUDA error " + started);
    }
    int[] value = new int[1];
    List<Gpu> gpus = new ArrayList<>();
    if (started == 0 && cuda.cuDeviceGetCount(value) == 0) {
      int count = value[0];
      for (int index = 0; index < count; index++) {
        if (cuda.cuDeviceGet(value, index) == 0) {
          gpus.add(gpu(cuda, index, value[0]));
        }
      }
    }
    return Gpus.of(gpus);
  }

  private static Gpu gpu(Cuda cuda, int index, int device) {
    byte[] name = new byte[LONGEST_NAME];
    boolean named = cuda.cuDeviceGetName(name, name.length, device) == 0;
    return new Gpu(
        index,
        named ? Native.toString(name, StandardCharsets.UTF_8) : "unnamed",
        attribute(cuda, CAPABILITY_MAJOR, device),
        attribute(cuda, CAPABILITY_MINOR, device));
  }

  private static int attribute(Cuda cuda, int attribute, int device) {
    int[] value = new int[1];
    return cuda.cuDeviceGetAttribute(value, attribute, device) == 0 ? value[0] : 0;
  }
}
