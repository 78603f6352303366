package dev.phistream.image;

import java.util.Optional;
import java.util.function.Supplier;

/** Which library decodes JPEG files. Both give the same pixels and the same verdicts. */
public enum JpegLibrary {
  /** libjpeg-turbo where the system has it, else the JDK's reader. */
  AUTO,
  /** The JDK's reader, which is as fast as the libjpeg that the JDK's vendor links. */
  JDK,
  /** The system's libjpeg-turbo, with the TurboJPEG API of version 2.0 or later. */
  TURBO;

  /** Loads libjpeg-turbo; empty where the JDK's reader decodes. */
  Optional<TurboJpeg> load() {
    return load(TurboJpeg::load);
  }

  /**
   * Loads libjpeg-turbo; empty where the JDK's reader decodes.
   *
   * @param system gives the system's library, or throws a {@link LinkageError}
   * @throws IllegalStateException if it is {@link #TURBO} and the system has none
   */
  Optional<TurboJpeg> load(Supplier<TurboJpeg> system) {
    if (this == JDK) {
      return Optional.empty();
    }
    try {
      return Optional.of(system.get());
    } catch (LinkageError e) {
      if (this == AUTO) {
        return Optional.empty();
      }
      throw new IllegalStateException(
          "libjpeg-turbo: the system has no libturbojpeg of version 2.0 or later"
              + " (expected: installed, on Debian and Ubuntu by apt-get install libturbojpeg0)",
          e);
    }
  }
}
