package dev.phistream.repository;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * GET, following redirects by hand: the first answer of a hub says what the file's digest is, and
 * only the last has the file.
 */
final class HttpFetch {
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final int MOST_REDIRECTS = 5;

  private final HttpClient client;
  private final Duration timeout;

  HttpFetch(Duration timeout) {
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .build();
  }

  /**
   * An answer that is no redirect. Close the body.
   *
   * @param first headers of the first answer on the way
   * @param last the answer
   */
  record Answer(HttpHeaders first, HttpResponse<InputStream> last) {}

  /**
   * Asks.
   *
   * @throws IOException when a server does not answer
   * @throws RepositoryException when it redirects to where nobody should follow
   */
  Answer get(URI address, Map<String, String> headers)
      throws IOException, RepositoryException, InterruptedException {
    URI next = address;
    @Nullable HttpHeaders first = null;
    for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(next)
              .timeout(timeout)
              .header("User-Agent", "phistream")
              .header("Accept-Encoding", "identity");
      headers.forEach(request::header);
      HttpResponse<InputStream> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      if (first == null) {
        first = response.headers();
      }
      if (!REDIRECTS.contains(response.statusCode())) {
        return new Answer(first, response);
      }
      response.body().close();
      next = target(next, response);
    }
    throw new RepositoryException(
        "%s: redirected more than %d times (expected: a file at the end)"
            .formatted(address, MOST_REDIRECTS));
  }

  private static URI target(URI from, HttpResponse<?> response) throws RepositoryException {
    String location = response.headers().firstValue("location").orElse("");
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw refused(from, location, e);
    }
    boolean safe =
        "https".equals(to.getScheme())
            || ("http".equals(to.getScheme()) && "http".equals(from.getScheme()));
    if (location.isEmpty() || !safe || to.getHost() == null) {
      throw refused(from, location, null);
    }
    return to;
  }

  private static RepositoryException refused(URI from, String to, @Nullable Exception cause) {
    String message =
        "%s: redirects to '%s' (expected: an address as safe as its own)".formatted(from, to);
    return cause == null
        ? new RepositoryException(message)
        : new RepositoryException(message, cause);
  }
}
