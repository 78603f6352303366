package dev.phistream.pipeline;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/**
 * Follows references to images, but only to the hosts and directories that it was given: an event's
 * text must never decide what the processor reads. Redirects are not followed. Thread-safe.
 */
public final class ReferenceLoader implements ImageLoader {
  private static final int OK = 200;
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  private final Set<String> hosts;
  private final List<Path> directories;
  private final Duration timeout;
  private final int maxBytes;
  private final HttpClient http;

  /**
   * Creates a loader.
   *
   * @param hosts that may be asked by http or https, each as {@code HOST} or {@code HOST:PORT}
   * @param directories below which files may be read
   * @param timeout for one image
   * @param maxBytes largest image
   */
  public ReferenceLoader(
      Set<String> hosts, List<Path> directories, Duration timeout, int maxBytes) {
    this.hosts =
        hosts.stream()
            .map(host -> host.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
    this.directories =
        directories.stream().map(directory -> directory.toAbsolutePath().normalize()).toList();
    this.timeout = timeout;
    this.maxBytes = maxBytes;
    this.http =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .build();
  }

  @Override
  public byte[] load(ImageSource.Reference reference) throws ClassificationException {
    if (reference.size() < 1 || reference.size() > maxBytes) {
      throw new ClassificationException(
          "image-too-large",
          "reference %s: size %d (expected: 1 to %d)"
              .formatted(reference.uri(), reference.size(), maxBytes));
    }
    byte[] bytes = read(reference);
    if (bytes.length != reference.size()) {
      throw new ClassificationException(
          "reference-mismatch",
          "reference %s: %s bytes (expected: %d)"
              .formatted(
                  reference.uri(),
                  bytes.length > reference.size() ? "more" : String.valueOf(bytes.length),
                  reference.size()));
    }
    String digest = DigestUtils.sha256Hex(bytes);
    if (!digest.equals(reference.sha256().toLowerCase(Locale.ROOT))) {
      throw new ClassificationException(
          "reference-mismatch",
          "reference %s: SHA-256 is %s (expected: %s)"
              .formatted(reference.uri(), digest, reference.sha256()));
    }
    return bytes;
  }

  private byte[] read(ImageSource.Reference reference) throws ClassificationException {
    URI uri;
    try {
      uri = new URI(reference.uri());
    } catch (java.net.URISyntaxException e) {
      throw forbidden(reference, "not a URI", e);
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    int most = (int) reference.size() + 1; // one more tells that there is too much
    try {
      return switch (scheme) {
        case "file" -> {
          try (InputStream in = Files.newInputStream(allowedFile(reference, uri))) {
            yield in.readNBytes(most);
          }
        }
        case "http", "https" -> fetch(reference, uri, most);
        default -> throw forbidden(reference, "scheme '" + scheme + "'", null);
      };
    } catch (IOException e) {
      throw new ClassificationException(
          "reference-unreachable",
          "reference %s: %s; redrive it when the place answers again".formatted(reference.uri(), e),
          e);
    }
  }

  private Path allowedFile(ImageSource.Reference reference, URI uri)
      throws ClassificationException, IOException {
    if (uri.getPath() == null || (uri.getAuthority() != null && !uri.getAuthority().isEmpty())) {
      throw forbidden(reference, "not a local file", null);
    }
    Path named;
    try {
      named = Path.of(uri.getPath()).normalize();
    } catch (InvalidPathException e) {
      throw forbidden(reference, "not a path", e);
    }
    // Checked twice: by name before the disk is touched, and with links resolved.
    if (directories.stream().noneMatch(named::startsWith)) {
      throw forbidden(reference, "outside references.allowed-directories", null);
    }
    Path real = named.toRealPath();
    for (Path allowed : directories) {
      if (Files.exists(allowed) && real.startsWith(allowed.toRealPath())) {
        if (!Files.isRegularFile(real)) { // reading a pipe would wait for ever
          throw forbidden(reference, "not a regular file", null);
        }
        return real;
      }
    }
    throw forbidden(reference, "outside references.allowed-directories", null);
  }

  private byte[] fetch(ImageSource.Reference reference, URI uri, int most)
      throws ClassificationException, IOException {
    if (uri.getRawUserInfo() != null) {
      throw forbidden(reference, "a user's name in the address", null);
    }
    if (uri.getHost() == null || !isAllowed(uri)) {
      throw forbidden(reference, "host not in references.allowed-hosts", null);
    }
    long deadline = System.nanoTime() + timeout.toNanos();
    try {
      HttpResponse<InputStream> response =
          http.send(
              HttpRequest.newBuilder(uri).timeout(timeout).GET().build(),
              HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        if (response.statusCode() != OK) {
          throw new IOException("status " + response.statusCode() + " (expected: 200)");
        }
        return readUntil(deadline, body, most);
      }
    } catch (IllegalArgumentException e) {
      throw forbidden(reference, "not an address", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** A host that is allowed without a port is allowed with any. */
  private boolean isAllowed(URI uri) {
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    int usual = "https".equalsIgnoreCase(uri.getScheme()) ? HTTPS_PORT : HTTP_PORT;
    int port = uri.getPort() < 0 ? usual : uri.getPort();
    return hosts.contains(host) || hosts.contains(host + ":" + port);
  }

  /** The client's own time-out ends with the headers; a body could come drop by drop for ever. */
  private byte[] readUntil(long deadline, InputStream body, int most) throws IOException {
    CompletableFuture<Void> alarm =
        CompletableFuture.runAsync(
            () -> closeQuietly(body),
            CompletableFuture.delayedExecutor(
                deadline - System.nanoTime(), TimeUnit.NANOSECONDS, Runnable::run));
    try {
      byte[] bytes = body.readNBytes(most);
      if (System.nanoTime() - deadline < 0) {
        return bytes;
      }
    } catch (IOException e) {
      if (System.nanoTime() - deadline < 0) {
        throw e;
      }
    } finally {
      alarm.cancel(false);
    }
    throw new HttpTimeoutException("not read within " + timeout);
  }

  private static void closeQuietly(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      // Whoever reads from it will hear of it.
    }
  }

  private static ClassificationException forbidden(
      ImageSource.Reference reference, String why, @Nullable Exception cause) {
    String message =
        "reference %s: %s (expected: a place that the processor's references.* settings allow)"
            .formatted(reference.uri(), why);
    return cause == null
        ? new ClassificationException("reference-forbidden", message)
        : new ClassificationException("reference-forbidden", message, cause);
  }
}
