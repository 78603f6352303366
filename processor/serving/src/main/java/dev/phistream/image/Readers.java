package dev.phistream.image;

import java.util.Arrays;
import java.util.Iterator;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;

/** Finds image reader plug-ins by who made them, whatever else is on the class path. */
final class Readers {
  private Readers() {}

  /** The JDK's own reader of a format. */
  static ImageReaderSpi jdk(String format) {
    return find(format, "com.sun.imageio.");
  }

  /** The reader of a format from the TwelveMonkeys plug-ins. */
  static ImageReaderSpi twelveMonkeys(String format) {
    return find(format, "com.twelvemonkeys.imageio.");
  }

  private static ImageReaderSpi find(String format, String classPrefix) {
    Iterator<ImageReaderSpi> providers =
        IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, true);
    while (providers.hasNext()) {
      ImageReaderSpi provider = providers.next();
      if (provider.getClass().getName().startsWith(classPrefix)
          && Arrays.asList(provider.getFormatNames()).contains(format)) {
        return provider;
      }
    }
    throw new IllegalStateException(
        "image reader for "
            + format
            + ": none from "
            + classPrefix
            + "* (expected: on class path)");
  }
}
