package dev.phistream.batching;

/**
 * A device does not answer any more, for which no item is to blame: its items run again on another
 * device. As an item's failure it means that no other device is left.
 */
public final class DeviceLostException extends Exception {
  /** Creates the exception. */
  public DeviceLostException(String message) {
    super(message);
  }

  /** As above, with a cause. */
  public DeviceLostException(String message, Throwable cause) {
    super(message, cause);
  }
}
