package dev.phistream.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A server of files on this machine that behaves as well or badly as it is told. */
public final class FakeHub implements AutoCloseable {
  /** Answers a request. */
  @FunctionalInterface
  public interface Behaviour {
    void answer(HttpExchange exchange) throws IOException;
  }

  /**
   * A request that came.
   *
   * @param path what was asked for
   * @param range header, if there was one
   * @param ifRange header, if there was one
   */
  public record Request(String path, @Nullable String range, @Nullable String ifRange) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Map<String, Deque<Behaviour>> behaviours = new ConcurrentHashMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  private FakeHub(HttpServer server) {
    this.server = server;
  }

  /** Starts one on a free port. */
  public static FakeHub start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    FakeHub hub = new FakeHub(server);
    server.setExecutor(hub.threads);
    server.createContext("/", hub::answer);
    server.start();
    return hub;
  }

  /** Its address with a path. */
  public URI at(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  /** Answers requests for a path in this order; the last answers all that come after it. */
  public FakeHub on(String path, Behaviour... answers) {
    behaviours.put(path, new ArrayDeque<>(List.of(answers)));
    return this;
  }

  /** What was asked for. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** What was asked for at a path. */
  public List<Request> requests(String path) {
    return requests.stream().filter(request -> request.path().equals(path)).toList();
  }

  /** A file, whole or in ranges, with an entity tag. */
  public static Behaviour file(byte[] bytes, String etag) {
    return exchange -> send(exchange, bytes, etag, Integer.MAX_VALUE);
  }

  /** A file whose connection is cut after some bytes of each answer. */
  public static Behaviour cutAfter(int most, byte[] bytes, String etag) {
    return exchange -> send(exchange, bytes, etag, most);
  }

  /** A file of a server that knows neither ranges nor tags. */
  public static Behaviour plain(byte[] bytes) {
    return exchange -> {
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    };
  }

  /** The beginning of a file, and then nothing for as long as the server lives. */
  public Behaviour stallsAfter(int most, byte[] bytes, String etag) {
    return exchange -> {
      exchange.getResponseHeaders().set("ETag", etag);
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes, 0, most);
      exchange.getResponseBody().flush();
      try {
        closing.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    };
  }

  /** No file; headers are name, value, name, value. */
  public static Behaviour status(int status, String... headers) {
    return exchange -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
      }
      exchange.sendResponseHeaders(status, -1);
    };
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) {
    String path = exchange.getRequestURI().getPath();
    requests.add(
        new Request(
            path,
            exchange.getRequestHeaders().getFirst("Range"),
            exchange.getRequestHeaders().getFirst("If-Range")));
    try (exchange) {
      next(path).answer(exchange);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // the server closes the connection
    }
  }

  private Behaviour next(String path) {
    Deque<Behaviour> answers = behaviours.get(path);
    if (answers == null) {
      return status(404);
    }
    synchronized (answers) {
      return Objects.requireNonNull(answers.size() > 1 ? answers.poll() : answers.peek());
    }
  }

  private static void send(HttpExchange exchange, byte[] bytes, String etag, int most)
      throws IOException {
    exchange.getResponseHeaders().set("ETag", etag);
    String range = exchange.getRequestHeaders().getFirst("Range");
    String ifRange = exchange.getRequestHeaders().getFirst("If-Range");
    int from =
        range != null && (ifRange == null || ifRange.equals(etag))
            ? Integer.parseInt(range.replaceAll("\\D", ""))
            : 0;
    if (from > 0 && from >= bytes.length) {
      exchange.getResponseHeaders().set("Content-Range", "bytes */" + bytes.length);
      exchange.sendResponseHeaders(416, -1);
      return;
    }
    if (from > 0) {
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes %d-%d/%d".formatted(from, bytes.length - 1, bytes.length));
    }
    byte[] rest = Arrays.copyOfRange(bytes, from, bytes.length);
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, rest.length);
    exchange.getResponseBody().write(rest, 0, Math.min(most, rest.length));
    exchange.getResponseBody().flush();
  }
}
