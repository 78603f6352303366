package dev.phistream.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** The part of an Apicurio Registry 3 that its serde talks to, in memory on 127.0.0.1. */
final class FakeRegistry implements AutoCloseable {
  private static final String BASE = "/apis/registry/v3";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> ids = new ConcurrentHashMap<>();
  private final Map<Integer, String> contents = new ConcurrentHashMap<>();
  private volatile @Nullable Integer failing;
  private volatile boolean silent;

  FakeRegistry() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + BASE;
  }

  String urlWith(String userAndPassword) {
    return url().replace("//", "//" + userAndPassword + "@");
  }

  /** Registers some content, as another producer might. */
  int put(String content) {
    return ids.computeIfAbsent(
        content,
        c -> {
          int id = contents.size() + 1;
          contents.put(id, c);
          return id;
        });
  }

  String content(int id) {
    return String.valueOf(contents.get(id));
  }

  /** From now on every request is answered with a status. */
  void failWith(int status) {
    failing = status;
  }

  /** From now on no request is answered. */
  void fallSilent() {
    silent = true;
  }

  void recover() {
    failing = null;
    silent = false;
  }

  /** Method and path of every request so far. */
  List<String> requests() {
    return requests;
  }

  List<String> authorizations() {
    return authorizations;
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    requests.add(exchange.getRequestMethod() + " " + path);
    authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    byte[] body = exchange.getRequestBody().readAllBytes();
    if (silent) {
      try {
        closing.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return;
    }
    if (failing != null) {
      answer(exchange, failing, "application/json", problem(failing, "OutOfOrderException"));
    } else if (path.equals(BASE + "/groups/default/artifacts")) {
      register(exchange, JSON.readTree(body));
    } else if (path.matches(BASE + "/ids/contentIds/-?\\d+(/references)?")) {
      schema(exchange, path.substring((BASE + "/ids/contentIds/").length()));
    } else {
      answer(exchange, 404, "text/html", "<h1>Not Found</h1>");
    }
  }

  private void register(HttpExchange exchange, JsonNode request) throws IOException {
    String artifact = request.at("/artifactId").textValue();
    int id = put(request.at("/firstVersion/content/content").textValue());
    answer(
        exchange,
        200,
        "application/json",
        JSON.writeValueAsString(
            Map.of(
                "artifact",
                Map.of("groupId", "default", "artifactId", artifact, "artifactType", "AVRO"),
                "version",
                Map.of(
                    "groupId",
                    "default",
                    "artifactId",
                    artifact,
                    "version",
                    "1",
                    "globalId",
                    1000 + id,
                    "contentId",
                    id))));
  }

  private void schema(HttpExchange exchange, String idAndMore) throws IOException {
    String content = contents.get(Integer.valueOf(idAndMore.replace("/references", "")));
    if (content == null) {
      answer(exchange, 404, "application/json", problem(404, "ContentNotFoundException"));
    } else if (idAndMore.endsWith("/references")) {
      answer(exchange, 200, "application/json", "[]");
    } else {
      answer(exchange, 200, "application/json", content);
    }
  }

  private static String problem(int status, String name) throws IOException {
    return JSON.writeValueAsString(Map.of("title", "No", "status", status, "name", name));
  }

  private static void answer(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
