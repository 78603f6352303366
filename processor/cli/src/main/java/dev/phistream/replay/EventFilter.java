package dev.phistream.replay;

import dev.phistream.wire.EventRecord;
import org.jspecify.annotations.Nullable;

/** Says which events are left out. Thread-safe. */
@FunctionalInterface
interface EventFilter {
  /** Takes every event. */
  EventFilter NONE = event -> null;

  /**
   * Looks at an event.
   *
   * @return a short reason, for counts, or null if the event is taken
   */
  @Nullable String reasonToSkip(EventRecord event);

  /** Both must take an event. */
  default EventFilter and(EventFilter other) {
    return event -> {
      String reason = reasonToSkip(event);
      return reason == null ? other.reasonToSkip(event) : reason;
    };
  }

  /** By the plan's times; offsets alone would not do, since times need not be in order. */
  static EventFilter times(@Nullable Long fromMillis, @Nullable Long toMillis) {
    return event ->
        (fromMillis != null && event.timestamp() < fromMillis)
                || (toMillis != null && event.timestamp() >= toMillis)
            ? "time"
            : null;
  }
}
