package dev.phistream.drawing;

import java.util.List;
import java.util.Locale;

/** What synthetic images show. The order is that of the classes; it must not change. */
public enum Subject {
  /** From above, with wings and tail. */
  AIRPLANE(Vehicles::airplane),
  /** From the side. */
  BICYCLE(Vehicles::bicycle),
  /** With a neck and a label. */
  BOTTLE(Vessels::bottle),
  /** From the side. */
  CAR(Vehicles::car),
  /** A dial with two hands; much like a compass. */
  CLOCK(Dials::clock),
  /** A dial with a needle; much like a clock. */
  COMPASS(Dials::compass),
  /** Round below, on a saucer; much like a mug. */
  CUP(Vessels::cup),
  /** Closed, from the back. */
  ENVELOPE(Tools::envelope),
  /** From the side. */
  FISH(Nature::fish),
  /** From the front. */
  GUITAR(Tools::guitar),
  /** With roof, door and windows. */
  HOUSE(Nature::house),
  /** With bow and bit. */
  KEY(Tools::key),
  /** A table lamp; its shade is much like a mushroom's cap. */
  LAMP(Vessels::lamp),
  /** Straight, without a saucer; much like a cup. */
  MUG(Vessels::mug),
  /** With cap and stem. */
  MUSHROOM(Nature::mushroom),
  /** With two sails. */
  SAILBOAT(Vehicles::sailboat),
  /** Open. */
  SCISSORS(Tools::scissors),
  /** With a spiral shell. */
  SNAIL(Nature::snail),
  /** A fir or a broad-leaved tree. */
  TREE(Nature::tree),
  /** Open, with a hook; much like a mushroom. */
  UMBRELLA(Tools::umbrella);

  /** Draws a subject within -1 to 1 in both directions, y downwards. */
  interface Painter {
    /** Draws it. */
    void paint(Pencil pencil);
  }

  /** All in order: the number of a class is its place here. */
  static final List<Subject> ALL = List.of(values());

  @SuppressWarnings("ImmutableEnumChecker") // a reference to a static method has no state
  private final Painter painter;

  Subject(Painter painter) {
    this.painter = painter;
  }

  /** The class names in order. */
  public static List<String> labels() {
    return ALL.stream().map(Subject::label).toList();
  }

  /** The class name, a lower-case word. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  void paint(Pencil pencil) {
    painter.paint(pencil);
  }
}
