package dev.phistream.repository;

import static dev.phistream.testkit.FakeHub.cutAfter;
import static dev.phistream.testkit.FakeHub.file;
import static dev.phistream.testkit.FakeHub.plain;
import static dev.phistream.testkit.FakeHub.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.phistream.testkit.FakeHub;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One file from servers that behave well and badly. */
@Timeout(60)
class DownloadTest {
  private static final RetryPolicy PATIENCE =
      new RetryPolicy(
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          4,
          2,
          Duration.ofSeconds(1),
          Duration.ofMinutes(1));
  private static final String PATH = "/m/weights.bin";
  private static final String ONE = "\"one\"";
  private static final String TWO = "\"two\"";

  @TempDir Path directory;
  private final byte[] bytes = bytes(1);
  private final byte[] changed = bytes(2);
  private final List<Duration> pauses = new ArrayList<>();
  private final List<Long> lengths = new ArrayList<>();
  private volatile long received;
  private FakeHub hub;
  private RetryPolicy retryPolicy = PATIENCE;

  @BeforeEach
  void start() throws Exception {
    hub = FakeHub.start();
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  @Test
  void a_file_comes_whole() throws Exception {
    hub.on(PATH, file(bytes, ONE));

    assertThat(run(null)).isNull();

    assertThat(part()).isEqualTo(bytes);
    assertThat(pauses).isEmpty();
    assertThat(lengths).startsWith(0L).endsWith((long) bytes.length).isSorted();
  }

  @Test
  void a_connection_that_is_cut_is_taken_up_where_it_ended() throws Exception {
    hub.on(PATH, cut(100_000), file(bytes, ONE));

    run(null);

    assertThat(part()).isEqualTo(bytes);
    assertThat(hub.requests())
        .extracting(FakeHub.Request::range)
        .containsExactly(null, "bytes=100000-");
    assertThat(hub.requests().get(1).ifRange()).isEqualTo(ONE);
    assertThat(pauses).containsExactly(Duration.ofSeconds(1));
  }

  @Test
  void any_number_of_cuts_is_borne_as_long_as_something_comes() throws Exception {
    hub.on(PATH, cutAfter(bytes.length / 20, bytes, ONE));

    run(null);

    assertThat(part()).isEqualTo(bytes);
    assertThat(hub.requests()).hasSizeGreaterThan(PATIENCE.tries());
  }

  @Test
  void what_an_earlier_process_fetched_is_not_fetched_again() throws Exception {
    hub.on(PATH, cut(100_000), status(503));
    assertThatThrownBy(() -> run(null)).isInstanceOf(RepositoryException.class);

    hub.on(PATH, file(bytes, ONE));
    run(null);

    assertThat(part()).isEqualTo(bytes);
    assertThat(hub.requests(PATH))
        .last()
        .extracting(FakeHub.Request::range)
        .isEqualTo("bytes=100000-");
  }

  @Test
  void a_file_that_is_whole_already_is_recognised() throws Exception {
    hub.on(PATH, file(bytes, ONE));
    run(null);

    run(null);

    assertThat(part()).isEqualTo(bytes);
    assertThat(hub.requests()).hasSize(2);
    assertThat(pauses).isEmpty();
  }

  @Test
  void a_server_without_ranges_is_begun_again() throws Exception {
    hub.on(PATH, cut(100_000), plain(bytes));

    run(null);

    assertThat(part()).isEqualTo(bytes);
  }

  @Test
  void a_server_without_ranges_that_cuts_at_the_same_place_is_not_tried_for_ever() {
    hub.on(
        PATH,
        exchange -> {
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes, 0, 1000);
          exchange.getResponseBody().flush();
        });

    assertThatThrownBy(() -> run(null))
        .isInstanceOf(RepositoryException.class)
        .hasMessageContaining("tried 4 times without getting further");
    assertThat(hub.requests()).hasSizeLessThanOrEqualTo(PATIENCE.tries() + 1);
  }

  @Test
  void a_file_that_changed_meanwhile_is_begun_again() throws Exception {
    hub.on(PATH, cut(100_000), file(changed, TWO));

    run(null);

    assertThat(part()).isEqualTo(changed);
  }

  @Test
  void a_server_that_goes_on_with_another_file_is_found_out() throws Exception {
    hub.on(
        PATH,
        cut(100_000),
        exchange -> { // heeds Range and not If-Range
          int from = 100_000;
          exchange.getResponseHeaders().set("ETag", TWO);
          exchange
              .getResponseHeaders()
              .set(
                  "Content-Range",
                  "bytes %d-%d/%d".formatted(from, changed.length - 1, changed.length));
          exchange.sendResponseHeaders(206, changed.length - from);
          exchange.getResponseBody().write(changed, from, changed.length - from);
        },
        file(changed, TWO));

    run(null);

    assertThat(part()).isEqualTo(changed);
    assertThat(hub.requests().get(2).range()).isNull();
  }

  @Test
  void errors_of_the_server_are_waited_for_longer_each_time() throws Exception {
    hub.on(PATH, status(500), status(502), status(429), file(bytes, ONE));

    run(null);

    assertThat(part()).isEqualTo(bytes);
    assertThat(pauses)
        .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));
  }

  @Test
  void a_server_that_says_when_is_heeded() throws Exception {
    String soon =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(30));
    hub.on(
        PATH, status(429, "Retry-After", "7"), status(503, "Retry-After", soon), file(bytes, ONE));

    run(null);

    assertThat(pauses).hasSize(2).first().isEqualTo(Duration.ofSeconds(7));
    assertThat(pauses.get(1)).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(30));
  }

  @Test
  void a_server_that_wants_more_patience_than_there_is_ends_it() {
    hub.on(PATH, status(429, "Retry-After", "3600"));

    assertThatThrownBy(() -> run(null))
        .isInstanceOf(RepositoryException.class)
        .hasMessageContaining("status 429")
        .hasMessageContaining("pull again in 3600 s");
    assertThat(hub.requests()).hasSize(1);
  }

  @Test
  void a_server_that_stays_broken_ends_it() {
    hub.on(PATH, status(500));

    assertThatThrownBy(() -> run(null))
        .isInstanceOf(RepositoryException.class)
        .hasMessageContaining("status 500; tried 4 times");
    assertThat(hub.requests()).hasSize(PATIENCE.tries());
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 410})
  void a_refusal_is_not_tried_again(int status) {
    hub.on(PATH, status(status));

    assertThatThrownBy(() -> run(null))
        .isInstanceOf(Download.RefusedException.class)
        .hasMessage("status " + status);
    assertThat(hub.requests()).hasSize(1);
  }

  @Test
  void a_redirect_is_followed_and_the_digest_taken_from_where_it_began() throws Exception {
    String digest = DigestUtils.sha256Hex(bytes);
    hub.on(PATH, status(302, "Location", "/cdn/x", "X-Linked-Etag", '"' + digest + '"'))
        .on("/cdn/x", cut(100_000), file(bytes, ONE));

    assertThat(run(null)).isEqualTo(digest);

    assertThat(part()).isEqualTo(bytes);
    assertThat(hub.requests("/cdn/x"))
        .extracting(FakeHub.Request::range)
        .containsExactly(null, "bytes=100000-");
  }

  @Test
  void a_file_that_changed_behind_a_redirect_is_begun_again() throws Exception {
    String before = DigestUtils.sha256Hex(bytes);
    String now = DigestUtils.sha256Hex(changed);
    hub.on(
            PATH,
            status(302, "Location", "/cdn/x", "X-Linked-Etag", '"' + before + '"'),
            status(302, "Location", "/cdn/y", "X-Linked-Etag", '"' + now + '"'))
        .on("/cdn/x", cut(100_000))
        .on("/cdn/y", file(changed, ONE));

    assertThat(run(null)).isEqualTo(now);

    assertThat(part()).isEqualTo(changed);
  }

  @Test
  void redirects_in_a_circle_and_to_nowhere_are_refused() {
    hub.on(PATH, status(302, "Location", PATH));
    assertThatThrownBy(() -> run(null))
        .isInstanceOf(RepositoryException.class)
        .hasMessageContaining("redirected more than 5 times");

    for (String location : List.of("", "file:///etc/passwd", "ftp://127.0.0.1/x")) {
      hub.on(PATH, status(302, "Location", location));
      assertThatThrownBy(() -> run(null))
          .isInstanceOf(RepositoryException.class)
          .hasMessageContaining("redirects to '" + location + "'");
    }
  }

  @Test
  void a_wrong_digest_is_refused_with_both_and_the_bytes_are_thrown_away() {
    String wanted = DigestUtils.sha256Hex("other");
    hub.on(PATH, file(bytes, ONE));

    assertThatThrownBy(() -> run(wanted))
        .isInstanceOf(RepositoryException.class)
        .hasMessageContaining(
            "SHA-256 is %s (expected: %s)".formatted(DigestUtils.sha256Hex(bytes), wanted));
    assertThat(directory.resolve("weights.bin.part")).doesNotExist();
    assertThat(hub.requests()).hasSize(1);
  }

  @Test
  void bytes_on_disk_that_went_bad_are_fetched_again() throws Exception {
    hub.on(PATH, cut(100_000), status(503));
    assertThatThrownBy(() -> run(null)).isInstanceOf(RepositoryException.class);
    Path part = directory.resolve("weights.bin.part");
    byte[] bad = Files.readAllBytes(part);
    bad[5] ^= 1;
    Files.write(part, bad);

    hub.on(PATH, file(bytes, ONE));
    run(DigestUtils.sha256Hex(bytes));

    assertThat(part()).isEqualTo(bytes);
  }

  @Test
  void bytes_on_disk_of_nobody_knows_what_are_not_used() throws Exception {
    Files.write(directory.resolve("weights.bin.part"), new byte[500]);
    Files.writeString(directory.resolve("weights.bin.part.json"), "{\"etag\": \"cut o");
    hub.on(PATH, file(bytes, ONE));

    run(null);

    assertThat(part()).isEqualTo(bytes);
    assertThat(hub.requests().get(0).range()).isNull();
  }

  @Test
  void a_server_that_falls_silent_is_asked_again_for_the_rest() throws Exception {
    retryPolicy =
        new RetryPolicy(
            Duration.ofSeconds(10),
            Duration.ofMillis(200),
            4,
            2,
            Duration.ofSeconds(1),
            Duration.ofMinutes(1));
    hub.on(PATH, hub.stallsAfter(70_000, bytes, ONE), file(bytes, ONE));

    run(null);

    assertThat(part()).isEqualTo(bytes);
    assertThat(hub.requests()).last().extracting(FakeHub.Request::range).isEqualTo("bytes=70000-");
  }

  @Test
  void a_server_that_is_not_there_is_told_apart_from_one_that_is_broken() {
    URI nobody = hub.at(PATH);
    hub.close();

    assertThatThrownBy(() -> download(nobody).run(null))
        .isInstanceOf(Download.UnreachedException.class);
    assertThat(pauses).hasSize(PATIENCE.triesUnreached() - 1);
  }

  @Test
  void a_disk_without_room_is_named_with_what_is_free_and_wanted() {
    hub.on(PATH, exchange -> exchange.sendResponseHeaders(200, Long.MAX_VALUE / 2));

    assertThatThrownBy(() -> download(hub.at(PATH), Long.MAX_VALUE).run(null))
        .isInstanceOf(RepositoryException.class)
        .hasMessageMatching(
            directory + ": [\\d.]+ MB free \\(expected: [\\d.]+ MB or more\\); free some, .*");
    assertThat(hub.requests()).hasSize(1);
  }

  @Test
  void a_place_that_cannot_be_written_is_named() throws Exception {
    Path occupied = Files.writeString(directory.resolve("file"), "no directory");

    assertThatThrownBy(() -> new PartialFile(occupied, "x"))
        .isInstanceOf(RepositoryException.class)
        .hasMessageStartingWith(occupied + ": not writable: ")
        .hasMessageEndingWith("name another directory with --models");
  }

  private @Nullable String run(@Nullable String sha256) throws Exception {
    return download(hub.at(PATH)).run(sha256);
  }

  private Download download(URI address) throws RepositoryException {
    return download(address, Integer.MAX_VALUE);
  }

  private Download download(URI address, long mostBytes) throws RepositoryException {
    return new Download(
        address,
        new PartialFile(directory, "weights.bin"),
        mostBytes,
        retryPolicy,
        pauses::add,
        new PullListener() {
          @Override
          public void received(String file, long received, long total) {
            lengths.add(received);
            DownloadTest.this.received = received;
          }

          @Override
          public void retrying(String reason, Duration pause) {}
        });
  }

  /** Cuts when the client has read what came: what is still on its way would be lost with it. */
  private FakeHub.Behaviour cut(int most) {
    return exchange -> {
      cutAfter(most, bytes, ONE).answer(exchange);
      await().until(() -> received >= most);
    };
  }

  private byte[] part() throws Exception {
    return Files.readAllBytes(directory.resolve("weights.bin.part"));
  }

  private static byte[] bytes(long seed) {
    byte[] bytes = new byte[300_000];
    new Random(seed).nextBytes(bytes);
    return Arrays.copyOf(bytes, bytes.length);
  }
}
