package dev.phistream.app;

import java.io.IOException;

/**
 * Images of known classes that a program draws: the laboratory's, where it is on the class path.
 */
public interface SyntheticImages {
  /** What images are drawn for; no two purposes share an image. */
  enum Purpose {
    /** Finding the ranges of an int8 model. */
    CALIBRATION,
    /** Fitting a cascade's threshold. */
    CASCADE,
    /** Judging a cascade's threshold. */
    CASCADE_HELD_OUT
  }

  /** Returns an image as JPEG bytes; equal arguments give equal images. */
  byte[] jpeg(Purpose purpose, long index) throws IOException;

  /** Returns the class that every purpose's image of this index shows. */
  String label(long index);

  /** Stands for the laboratory where it is absent: draws nothing and says what is missing. */
  static SyntheticImages absent() {
    return new SyntheticImages() {
      @Override
      public byte[] jpeg(Purpose purpose, long index) throws IOException {
        throw new IOException(MISSING);
      }

      @Override
      public String label(long index) {
        throw new IllegalStateException(MISSING);
      }
    };
  }

  /** What a user reads where nothing can be drawn. */
  String MISSING = "synthetic images need the laboratory, which a release does not hold";
}
