package dev.phistream.training;

/**
 * Something about the images that the user should know.
 *
 * @param kind what it is
 * @param image name of the image, or of the class
 * @param detail what exactly, and what became of it
 */
public record Finding(Kind kind, String image, String detail) {
  /** Kinds, in the order in which a report lists them. */
  public enum Kind {
    /** No image, or a damaged one; left out. */
    UNREADABLE("unreadable"),
    /** The same bytes under two classes; all copies are left out. */
    CONTRADICTION("two classes"),
    /** In training and validation; the copy for training is left out. */
    ACROSS_SPLITS("in both splits"),
    /** The same bytes once more; left out. */
    DUPLICATE("copy"),
    /** A class that has a folder or rows, but no usable image; left out. */
    EMPTY_CLASS("empty class"),
    /** A class with one image: it is trained on, and nothing measures it. */
    LONELY_CLASS("one image"),
    /** Probably has another class than the user says; used all the same. */
    SUSPECT("suspect label");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /** What a table calls it. */
    public String label() {
      return label;
    }
  }
}
