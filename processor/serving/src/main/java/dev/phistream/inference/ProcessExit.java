package dev.phistream.inference;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;

/** Ends this process without the exit code of its native libraries. Thread-safe. */
public final class ProcessExit {
  /** The part of the C library that is needed. */
  private interface C extends Library {
    @SuppressWarnings("checkstyle:MethodName") // as the C library calls it
    void _exit(int code);
  }

  private ProcessExit() {}

  /**
   * Ends the process now; does not return. {@link Runtime#halt} runs what native libraries have to
   * be run at the end of a process, which crashes if one of their threads is at work: where one is
   * being loaded, or hangs.
   *
   * @param code the exit code, 0 to 255
   */
  public static void now(int code) {
    if (!Platform.isWindows()) { // whose C runtime has no _exit for others
      Native.load("c", C.class)._exit(code);
    }
    Runtime.getRuntime().halt(code);
  }
}
