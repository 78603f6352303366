package dev.phistream.training;

/** What an image is used for. */
public enum Split {
  /** Weights are learnt from it. */
  TRAIN,
  /** Chooses when a fine-tuning ends, and its temperature and threshold. */
  TUNE,
  /** The report's figures come from it; nothing is learnt or chosen by it. */
  VALIDATION
}
