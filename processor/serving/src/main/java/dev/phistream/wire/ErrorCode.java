package dev.phistream.wire;

import java.util.Locale;

/** Why an event became a dead letter, other than for its image. */
public enum ErrorCode {
  /** The record has no value. */
  EVENT_EMPTY,
  /** The value is not an image event in the configured format. */
  EVENT_UNREADABLE,
  /** The event asks for something that cannot be, such as a negative top-k. */
  EVENT_INVALID,
  /** The record is longer than the processor may write: uncompressed, with key and headers. */
  EVENT_TOO_LARGE,
  /** The event asks for a variant that is not served. */
  VARIANT_UNKNOWN,
  /** The event's tier sheds what would be answered too late. */
  OVERLOADED,
  /** The topic for the labels does not take a record as long as the result. */
  RESULT_TOO_LARGE,
  /** The classifier gave no answer in time. */
  ANSWER_TIMEOUT,
  /** Each time that the event was in flight, its task failed. */
  QUARANTINED,
  /** The classification failed in a way that nobody foresaw. */
  INTERNAL;

  /** The code as it stands in headers: lower case with hyphens. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
