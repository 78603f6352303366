package dev.phistream.drawing;

/** Which images are for what. What is measured on is never learnt from, nor is it chosen by. */
public final class Seeds {
  /** The bundled sample images. */
  public static final long SAMPLES = 3_000_000;

  /** The image of the model card. */
  public static final long CONTACT_SHEET = 4_000_000;

  /** The images that find the ranges of int8 models. */
  public static final long CALIBRATION = 5_000_000;

  /** The images that cascades are fitted to. */
  public static final long CASCADE = 8_000_000;

  /** The images that cascades are judged by; 9,000,000 judged the rules that came before. */
  public static final long CASCADE_HELD_OUT = 10_000_000;

  /** Trainings take seeds from 0 up to below this. */
  static final long TRAINING_END = 1_000_000;

  private Seeds() {}

  /** Images that choose the best epoch of a training. */
  static long validation(long trainingSeed) {
    return trainingSeed + 1_000_000;
  }

  /** Images that a model's final accuracy is measured on. */
  static long heldOut(long trainingSeed) {
    return trainingSeed + 2_000_000;
  }
}
