package dev.phistream.inference;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.util.Map;

/**
 * Sets environment variables of this process for native libraries, which read them once, when they
 * are loaded. What the user has set stays as it is.
 */
final class NativeEnvironment {
  /** The part of the C library that is needed. */
  private interface C extends Library {
    int setenv(String name, String value, int overwrite);
  }

  private NativeEnvironment() {}

  /** Sets what is not set; does nothing on Windows, whose C runtime has no setenv. */
  static void setDefaults(Map<String, String> variables) {
    if (!Platform.isWindows()) {
      C c = Native.load("c", C.class);
      variables.forEach((name, value) -> c.setenv(name, value, 0));
    }
  }
}
