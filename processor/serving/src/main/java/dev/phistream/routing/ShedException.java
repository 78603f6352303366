package dev.phistream.routing;

/** An event is not classified, because its tier sheds what would be answered too late. */
public final class ShedException extends Exception {
  ShedException(String message) {
    super(message);
  }
}
