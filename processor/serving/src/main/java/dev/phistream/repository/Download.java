package dev.phistream.repository;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Fetches one file into a {@link PartialFile}, going on where an earlier try ended if the server's
 * file is still the same, and trying again as long as that may help.
 */
final class Download {
  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int RANGE_NOT_SATISFIABLE = 416;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERROR = 500;
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (?:(\\d+)-\\d+|\\*)/(\\d+|\\*)");

  private final URI address;
  private final PartialFile part;
  private final long mostBytes;
  private final HttpFetch http;
  private final RetryPolicy retryPolicy;
  private final RetryPolicy.Sleeper sleeper;
  private final PullListener listener;
  private final String name;
  private boolean answered;
  private boolean resumed;

  /**
   * Creates a download.
   *
   * @param mostBytes that the file may have; the server's word and its bytes are held to it
   */
  Download(
      URI address,
      PartialFile part,
      long mostBytes,
      RetryPolicy retryPolicy,
      RetryPolicy.Sleeper sleeper,
      PullListener listener) {
    this.address = address;
    this.part = part;
    this.mostBytes = mostBytes;
    this.http = new HttpFetch(retryPolicy.connect());
    this.retryPolicy = retryPolicy;
    this.sleeper = sleeper;
    this.listener = listener;
    this.name = address.getPath().substring(address.getPath().lastIndexOf('/') + 1);
  }

  /** A try failed in a way that the next one may not. */
  private static final class TryAgainException extends Exception {
    private final @Nullable Duration pause;

    TryAgainException(String message, @Nullable Duration pause, @Nullable Throwable cause) {
      super(message, cause);
      this.pause = pause;
    }
  }

  /** The server never answered. */
  static final class UnreachedException extends Exception {
    UnreachedException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The server refuses the file. */
  static final class RefusedException extends Exception {
    private final int status;

    RefusedException(int status) {
      super("status " + status);
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  /**
   * Fetches.
   *
   * @param sha256 that the file must have, or null to take the server's word if it gives one
   * @return the SHA-256 that the file was compared with, or null
   * @throws UnreachedException when no server answers
   * @throws RefusedException when the server has no such file or does not give it
   * @throws RepositoryException when it fails for good; what came is kept, unless its digest is
   *     wrong
   */
  @Nullable String run(@Nullable String sha256)
      throws UnreachedException, RefusedException, RepositoryException, InterruptedException {
    int failures = 0;
    long farthest = part.length();
    while (true) {
      try {
        Validator validator = tryOnce();
        String expected = sha256 == null ? validator.sha256() : sha256;
        if (expected == null || matches(expected)) {
          return expected;
        }
      } catch (TryAgainException e) {
        long length = part.length();
        failures = length > farthest ? 1 : failures + 1;
        farthest = Math.max(farthest, length);
        pause(e, failures);
      }
    }
  }

  /** Whether the file has the digest; if not, and parts of it are old, it is to be fetched anew. */
  private boolean matches(String expected) throws RepositoryException {
    String found = part.sha256();
    if (found.equals(expected)) {
      return true;
    }
    part.delete();
    if (resumed) {
      resumed = false;
      return false;
    }
    throw new RepositoryException(
        "%s: SHA-256 is %s (expected: %s); what came is thrown away. --sha256 names another digest"
            .formatted(address, found, expected));
  }

  private void pause(TryAgainException failure, int failures)
      throws UnreachedException, RepositoryException, InterruptedException {
    if (!answered && failures >= retryPolicy.triesUnreached()) {
      throw new UnreachedException(String.valueOf(failure.getMessage()), failure);
    }
    Duration pause = failure.pause == null ? retryPolicy.pauseAfter(failures) : failure.pause;
    if (failures >= retryPolicy.tries() || pause.compareTo(retryPolicy.longestPause()) > 0) {
      throw new RepositoryException(
          "%s: %s; tried %d times without getting further. %d bytes are kept: pull again%s to go on"
              .formatted(
                  address,
                  failure.getMessage(),
                  failures,
                  part.length(),
                  failure.pause == null ? "" : " in " + pause.toSeconds() + " s"),
          failure);
    }
    listener.retrying(String.valueOf(failure.getMessage()), pause);
    sleeper.await(pause);
  }

  private Validator tryOnce()
      throws TryAgainException, RefusedException, RepositoryException, InterruptedException {
    Validator had = part.validator();
    if (had == null && part.length() > 0) {
      part.delete(); // bytes of nobody knows what
    }
    long offset = part.length();
    Map<String, String> headers = new HashMap<>();
    if (had != null && offset > 0) {
      headers.put("Range", "bytes=" + offset + "-");
      if (had.etag() != null) {
        headers.put("If-Range", had.etag());
      }
    }
    try {
      HttpFetch.Answer answer = http.get(address, headers);
      answered = true;
      try (InputStream body = new SilenceGuard(answer.last().body(), retryPolicy.silence())) {
        return take(answer, body, had, offset);
      }
    } catch (IOException e) {
      throw new TryAgainException(reason(e), null, e);
    }
  }

  private Validator take(
      HttpFetch.Answer answer, InputStream body, @Nullable Validator had, long offset)
      throws IOException, TryAgainException, RefusedException, RepositoryException {
    HttpResponse<InputStream> response = answer.last();
    Validator now = Validator.of(answer.first(), response.headers());
    int status = response.statusCode();
    if (status == OK) {
      part.begin(now);
      OptionalLong length = response.headers().firstValueAsLong("content-length");
      append(body, length.orElse(-1));
      return now;
    }
    if (status == PARTIAL || status == RANGE_NOT_SATISFIABLE) {
      return goOn(response, body, had, now, offset);
    }
    if (status == REQUEST_TIMEOUT || status == TOO_MANY_REQUESTS || status >= SERVER_ERROR) {
      throw new TryAgainException("status " + status, retryAfter(response), null);
    }
    throw new RefusedException(status);
  }

  /** The answer to a request for the rest. */
  private Validator goOn(
      HttpResponse<InputStream> response,
      InputStream body,
      @Nullable Validator had,
      Validator now,
      long offset)
      throws IOException, TryAgainException, RepositoryException {
    Matcher range =
        CONTENT_RANGE.matcher(response.headers().firstValue("content-range").orElse(""));
    String total = range.matches() && !"*".equals(range.group(2)) ? range.group(2) : null;
    boolean same = had != null && had.sameAs(now);
    if (response.statusCode() == RANGE_NOT_SATISFIABLE) {
      if (same && String.valueOf(offset).equals(total)) {
        resumed = true;
        return now; // all of it is here
      }
    } else if (same && range.matches() && String.valueOf(offset).equals(range.group(1))) {
      resumed = true;
      append(body, total == null ? -1 : Long.parseLong(total));
      return now;
    }
    part.delete();
    throw new TryAgainException(
        "the server's file has changed; from the beginning", Duration.ZERO, null);
  }

  private void append(InputStream body, long total)
      throws IOException, TryAgainException, RepositoryException {
    listener.received(name, part.length(), total);
    if (total > mostBytes) {
      part.delete();
      throw new RepositoryException(
          "%s: %d bytes (expected: at most %d); is it the right address?"
              .formatted(address, total, mostBytes));
    }
    if (total >= 0) {
      part.checkSpace(total - part.length());
    }
    part.append(body, mostBytes, length -> listener.received(name, length, total));
    if (total >= 0 && part.length() != total) {
      throw new TryAgainException(
          "%d of %d bytes came".formatted(part.length(), total), null, null);
    }
  }

  /** Seconds or a date (RFC 9110, section 10.2.3). */
  private static @Nullable Duration retryAfter(HttpResponse<?> response) {
    String value = response.headers().firstValue("retry-after").orElse("");
    if (value.matches("\\d{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(value));
    }
    try {
      ZonedDateTime then = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME);
      Duration pause = Duration.between(ZonedDateTime.now(then.getZone()), then);
      return pause.isNegative() ? Duration.ZERO : pause;
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private static String reason(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
        return "its name is not known here (no network?)";
      }
    }
    if (e instanceof ConnectException && e.getMessage() == null) {
      return "no connection";
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
