package dev.phistream.wire;

import java.util.Locale;

/** Why an event became a dead letter before any image was looked at. */
public enum ErrorCode {
  /** The record has no value. */
  EVENT_EMPTY,
  /** The value is not an image event in the configured format. */
  EVENT_UNREADABLE,
  /** The event asks for something that cannot be, such as a negative top-k. */
  EVENT_INVALID,
  /** The event asks for a variant that is not served. */
  VARIANT_UNKNOWN,
  /** The event's tier sheds what would be answered too late. */
  OVERLOADED,
  /** The classification failed in a way that nobody foresaw. */
  INTERNAL;

  /** The code as it stands in headers: lower case with hyphens. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
