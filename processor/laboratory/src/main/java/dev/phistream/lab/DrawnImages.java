package dev.phistream.lab;

import dev.phistream.drawing.Seeds;
import dev.phistream.drawing.SyntheticImages;
import java.io.IOException;

/** The laboratory's drawings for the command line's purposes. */
final class DrawnImages implements dev.phistream.app.SyntheticImages {
  @Override
  public byte[] jpeg(Purpose purpose, long index) throws IOException {
    return new SyntheticImages(seed(purpose)).jpeg(index);
  }

  @Override
  public String label(long index) {
    return SyntheticImages.subject(index).label();
  }

  private static long seed(Purpose purpose) {
    return switch (purpose) {
      case CALIBRATION -> Seeds.CALIBRATION;
      case CASCADE -> Seeds.CASCADE;
      case CASCADE_HELD_OUT -> Seeds.CASCADE_HELD_OUT;
    };
  }
}
