package dev.phistream.topology;

/** Names of the headers that Phistream adds. */
public final class HeaderNames {
  /** The variant that answered. */
  public static final String VARIANT = "phistream-variant";

  /** The tier that was context for, lower case. */
  public static final String TIER = "phistream-tier";

  /** The id of the model that answered. */
  public static final String MODEL = "phistream-model";

  /** How a router routed an event, on its way to a classifier: a JSON object. */
  public static final String ROUTE = "phistream-route";

  /** The replay that made a result or dead letter: its application id. */
  public static final String REPLAY = "phistream-replay";

  /** Where the event of a result stands: {@code topic-partition@offset}. */
  public static final String ORIGIN = "phistream-origin";

  /** The bytes of the event's value, in a dead letter that does not have the value. */
  public static final String OMITTED = "phistream-value-omitted";

  /** The stable error code of a dead letter. */
  public static final String ERROR_CODE = "phistream-error-code";

  /** Prefix of the headers in which Kafka Streams describes a failed record (KIP-1034). */
  public static final String STREAMS_ERRORS = "__streams.errors.";

  /** W3C trace context. */
  static final String TRACE_PARENT = "traceparent";

  private HeaderNames() {}
}
