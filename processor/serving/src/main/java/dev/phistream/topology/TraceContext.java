package dev.phistream.topology;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Continues a W3C trace: same trace id and flags, a span id of our own. A malformed header is left
 * as it is. Confined to one thread, as its random generator is.
 *
 * <p>Format: https://www.w3.org/TR/trace-context/#traceparent-header
 */
final class TraceContext {
  private static final Pattern TRACE_PARENT =
      Pattern.compile("(00-(?!0{32})[0-9a-f]{32}-)(?!0{16})[0-9a-f]{16}(-[0-9a-f]{2})");

  private final RandomGenerator random;

  TraceContext(RandomGenerator random) {
    this.random = random;
  }

  /** Replaces the parent in {@code headers}, if there is a well-formed one. */
  void continueIn(Headers headers) {
    Header header = headers.lastHeader(HeaderNames.TRACE_PARENT);
    if (header == null || header.value() == null) {
      return;
    }
    Matcher parent = TRACE_PARENT.matcher(new String(header.value(), StandardCharsets.US_ASCII));
    if (parent.matches()) {
      long span;
      do {
        span = random.nextLong();
      } while (span == 0);
      String child = "%s%016x%s".formatted(parent.group(1), span, parent.group(2));
      headers.remove(HeaderNames.TRACE_PARENT);
      headers.add(HeaderNames.TRACE_PARENT, child.getBytes(StandardCharsets.US_ASCII));
    }
  }
}
