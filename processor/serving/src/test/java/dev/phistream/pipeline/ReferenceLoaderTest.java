package dev.phistream.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a read that hangs
class ReferenceLoaderTest {
  private static final byte[] IMAGE = "bytes of an image".getBytes(UTF_8);
  private static final Duration PATIENT = Duration.ofSeconds(30);
  private static final int MAX_BYTES = 1000;

  @TempDir Path disk;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch testIsOver = new CountDownLatch(1);
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private HttpServer server;
  private Path allowed;
  private Path secret;

  @BeforeEach
  void place_images() throws IOException {
    allowed = Files.createDirectory(disk.resolve("allowed"));
    Files.write(allowed.resolve("image.jpg"), IMAGE);
    secret = Files.write(disk.resolve("secret.jpg"), IMAGE);

    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          asked.add(path);
          try (OutputStream body = exchange.getResponseBody()) {
            switch (path) {
              case "/image.jpg" -> {
                exchange.sendResponseHeaders(200, IMAGE.length);
                body.write(IMAGE);
              }
              case "/moved.jpg" -> {
                exchange.getResponseHeaders().set("Location", "/image.jpg");
                exchange.sendResponseHeaders(302, -1);
              }
              case "/endless.jpg" -> {
                exchange.sendResponseHeaders(200, 0);
                while (testIsOver.getCount() > 0) {
                  body.write(IMAGE);
                }
              }
              case "/stalls.jpg" -> {
                exchange.sendResponseHeaders(200, IMAGE.length);
                body.write(IMAGE, 0, 3);
                body.flush();
                await(testIsOver);
              }
              case "/silent.jpg" -> await(testIsOver);
              default -> exchange.sendResponseHeaders(404, -1);
            }
          }
        });
    server.start();
  }

  @AfterEach
  void stop_the_server() {
    testIsOver.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  @Test
  void a_file_below_an_allowed_directory_is_read() throws Exception {
    assertThat(loader().load(reference(file("image.jpg")))).isEqualTo(IMAGE);
  }

  @Test
  void a_digest_in_upper_case_is_as_good() throws Exception {
    String upper = sha256(IMAGE).toUpperCase(Locale.ROOT);

    assertThat(loader().load(new ImageSource.Reference(file("image.jpg"), upper, IMAGE.length)))
        .isEqualTo(IMAGE);
  }

  @Test
  void an_allowed_directory_may_be_written_with_dots_or_be_missing_beside_another()
      throws Exception {
    ReferenceLoader loader =
        new ReferenceLoader(
            Set.of(),
            List.of(disk.resolve("missing"), disk.resolve("missing/../allowed")),
            PATIENT,
            MAX_BYTES);

    assertThat(loader.load(reference(file("image.jpg")))).isEqualTo(IMAGE);
  }

  @Test
  void an_image_of_an_allowed_host_is_fetched() throws Exception {
    assertThat(loader().load(reference(http("/image.jpg")))).isEqualTo(IMAGE);
  }

  @Test
  void a_hosts_name_is_the_same_in_any_case() throws Exception {
    ReferenceLoader loader =
        new ReferenceLoader(Set.of("LocalHost"), List.of(), PATIENT, MAX_BYTES);
    String uri = http("/image.jpg").replace("127.0.0.1", "LOCALHOST");

    assertThat(loader.load(reference(uri))).isEqualTo(IMAGE);
  }

  @Test
  void a_host_with_a_port_is_allowed_with_that_port_alone() throws Exception {
    String address = http("/image.jpg");
    int port = java.net.URI.create(address).getPort();

    assertThat(withHost("127.0.0.1:" + port).load(reference(address))).isEqualTo(IMAGE);
    assertThat(codeOf(withHost("127.0.0.1:" + (port - 1)), reference(address)))
        .isEqualTo("reference-forbidden");
  }

  @Test
  void an_address_with_a_users_name_is_forbidden() {
    String address = http("/image.jpg").replace("://", "://user:secret@");

    assertThat(codeOf(loader(), reference(address))).isEqualTo("reference-forbidden");
    assertThat(asked).isEmpty();
  }

  private static ReferenceLoader withHost(String host) {
    return new ReferenceLoader(Set.of(host), List.of(), PATIENT, MAX_BYTES);
  }

  @Test
  void nothing_is_allowed_unless_it_is_named() {
    ReferenceLoader strict = new ReferenceLoader(Set.of(), List.of(), PATIENT, MAX_BYTES);

    assertThat(codeOf(strict, reference(file("image.jpg")))).isEqualTo("reference-forbidden");
    assertThat(codeOf(strict, reference(http("/image.jpg")))).isEqualTo("reference-forbidden");
    assertThat(asked).isEmpty();
  }

  @Test
  void a_path_that_climbs_out_is_forbidden() {
    String climbing = allowed.toUri() + "../secret.jpg";
    String encoded = allowed.toUri() + "%2e%2e/secret.jpg";

    assertThat(codeOf(loader(), reference(climbing))).isEqualTo("reference-forbidden");
    assertThat(codeOf(loader(), reference(encoded))).isEqualTo("reference-forbidden");
  }

  @Test
  void a_neighbour_whose_name_only_begins_alike_is_forbidden() throws Exception {
    Path neighbour = Files.createDirectory(disk.resolve("allowed-not"));
    Path image = Files.write(neighbour.resolve("image.jpg"), IMAGE);

    assertThat(codeOf(loader(), reference(image.toUri().toString())))
        .isEqualTo("reference-forbidden");
  }

  @Test
  void a_link_that_leads_out_is_forbidden() throws Exception {
    Files.createSymbolicLink(allowed.resolve("link.jpg"), secret);
    Files.createSymbolicLink(allowed.resolve("folder"), disk);

    assertThat(codeOf(loader(), reference(file("link.jpg")))).isEqualTo("reference-forbidden");
    assertThat(codeOf(loader(), reference(file("folder/secret.jpg"))))
        .isEqualTo("reference-forbidden");
  }

  @Test
  void a_directory_is_forbidden() throws Exception {
    Files.createDirectory(allowed.resolve("folder"));

    assertThat(codeOf(loader(), reference(file("folder")))).isEqualTo("reference-forbidden");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "image.jpg",
        "not a uri",
        "ftp://127.0.0.1/image.jpg",
        "jar:file:/a.jar!/image.jpg",
        "data:image/png;base64,AAAA",
        "file:image.jpg",
        "file://127.0.0.1/image.jpg",
        "file:///a%00b",
        "http:///image.jpg",
        "http://elsewhere.invalid/image.jpg",
        "http://127.0.0.1@elsewhere.invalid/image.jpg",
        "http://127.0.0.1:99999/image.jpg",
      })
  void any_other_place_is_forbidden(String uri) {
    assertThat(codeOf(loader(), reference(uri))).isEqualTo("reference-forbidden");
  }

  @Test
  void a_redirect_is_not_followed() {
    assertThat(codeOf(loader(), reference(http("/moved.jpg")))).isEqualTo("reference-unreachable");
    assertThat(asked).containsExactly("/moved.jpg");
  }

  @Test
  void what_is_not_there_is_unreachable() {
    assertThat(codeOf(loader(), reference(file("gone.jpg")))).isEqualTo("reference-unreachable");
    assertThat(codeOf(loader(), reference(http("/gone.jpg")))).isEqualTo("reference-unreachable");
  }

  @Test
  void a_host_that_does_not_listen_is_unreachable() {
    String uri = http("/image.jpg");
    server.stop(0);

    assertThat(codeOf(loader(), reference(uri))).isEqualTo("reference-unreachable");
  }

  @Test
  void another_digest_is_a_mismatch() {
    ImageSource.Reference wrong =
        new ImageSource.Reference(file("image.jpg"), "00".repeat(32), IMAGE.length);

    ClassificationException error = failure(loader(), wrong);

    assertThat(error.code()).isEqualTo("reference-mismatch");
    assertThat(error)
        .hasMessage(
            "reference %s: SHA-256 is %s (expected: %s)"
                .formatted(wrong.uri(), sha256(IMAGE), wrong.sha256()));
  }

  @Test
  void fewer_or_more_bytes_than_said_are_a_mismatch() {
    for (String uri : List.of(file("image.jpg"), http("/image.jpg"))) {
      ImageSource.Reference longer =
          new ImageSource.Reference(uri, sha256(IMAGE), IMAGE.length + 1);
      ImageSource.Reference shorter =
          new ImageSource.Reference(uri, sha256(IMAGE), IMAGE.length - 1);

      assertThat(failure(loader(), longer))
          .hasMessage("reference %s: 17 bytes (expected: 18)".formatted(uri));
      assertThat(failure(loader(), shorter))
          .hasMessage("reference %s: more bytes (expected: 16)".formatted(uri));
      assertThat(codeOf(loader(), shorter)).isEqualTo("reference-mismatch");
    }
  }

  @Test
  void a_body_without_end_is_read_only_as_far_as_it_was_said_to_go() {
    assertThat(codeOf(loader(), reference(http("/endless.jpg")))).isEqualTo("reference-mismatch");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, MAX_BYTES + 1, Long.MAX_VALUE})
  void a_size_out_of_range_is_refused_before_anything_is_read(long size) {
    ImageSource.Reference reference =
        new ImageSource.Reference(http("/image.jpg"), sha256(IMAGE), size);

    assertThat(codeOf(loader(), reference)).isEqualTo("image-too-large");
    assertThat(asked).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/silent.jpg", "/stalls.jpg"})
  void an_answer_that_does_not_come_or_stalls_is_given_up(String path) {
    ReferenceLoader hasty =
        new ReferenceLoader(Set.of("127.0.0.1"), List.of(), Duration.ofMillis(300), MAX_BYTES);

    ClassificationException error = failure(hasty, reference(http(path)));

    assertThat(error.code()).isEqualTo("reference-unreachable");
    assertThat(error).hasMessageContaining("Timeout").hasMessageContaining("redrive it");
  }

  private ReferenceLoader loader() {
    return new ReferenceLoader(Set.of("127.0.0.1"), List.of(allowed), PATIENT, MAX_BYTES);
  }

  private String file(String name) {
    return allowed.toUri() + name;
  }

  private String http(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private static ImageSource.Reference reference(String uri) {
    return new ImageSource.Reference(uri, sha256(IMAGE), IMAGE.length);
  }

  private static String codeOf(ReferenceLoader loader, ImageSource.Reference reference) {
    return failure(loader, reference).code();
  }

  private static ClassificationException failure(
      ReferenceLoader loader, ImageSource.Reference reference) {
    return catchThrowableOfType(ClassificationException.class, () -> loader.load(reference));
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
