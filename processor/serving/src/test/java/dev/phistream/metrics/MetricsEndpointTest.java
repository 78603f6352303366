package dev.phistream.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MetricsEndpointTest {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  @Test
  void prediction_and_truth_can_be_scraped_with_their_difference() throws Exception {
    PredictionMeters meters = new PredictionMeters(registry);
    meters.answered("b0", Duration.ofMillis(100), Duration.ofMillis(130));
    meters.answered("b0", Duration.ofMillis(100), Duration.ofMillis(90));

    try (MetricsEndpoint endpoint = MetricsEndpoint.start("localhost", 0, registry)) {
      HttpResponse<String> response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(
                          URI.create("http://localhost:" + endpoint.port() + "/metrics"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("Content-Type"))
          .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
      assertThat(response.body())
          .contains("phistream_prediction_error_seconds_count{variant=\"b0\"} 2")
          .contains("phistream_prediction_error_seconds_sum{variant=\"b0\"} 0.04")
          .contains("phistream_prediction_actual_seconds_sum{variant=\"b0\"} 0.22");
    }
  }

  @Test
  void other_paths_and_methods_are_refused() throws Exception {
    try (MetricsEndpoint endpoint = MetricsEndpoint.start("localhost", 0, registry)) {
      assertThat(status(endpoint, "GET", "/metrics/")).isEqualTo(404);
      assertThat(status(endpoint, "GET", "/")).isEqualTo(404);
      assertThat(status(endpoint, "POST", "/metrics")).isEqualTo(405);
      assertThat(status(endpoint, "HEAD", "/metrics")).isEqualTo(200);
    }
  }

  @Test
  void clients_that_say_nothing_or_stop_in_mid_request_hold_nobody_up() throws Exception {
    try (MetricsEndpoint endpoint = MetricsEndpoint.start("localhost", 0, registry)) {
      List<Socket> rude = new ArrayList<>();
      try {
        for (int i = 0; i < 4; i++) {
          rude.add(new Socket("localhost", endpoint.port()));
          Socket stops = new Socket("localhost", endpoint.port());
          stops.getOutputStream().write("GET /metr".getBytes(UTF_8));
          rude.add(stops);
        }
        long begun = System.nanoTime();

        assertThat(status(endpoint, "GET", "/metrics")).isEqualTo(200);

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
      } finally {
        for (Socket socket : rude) {
          socket.close();
        }
      }
    }
  }

  private static int status(MetricsEndpoint endpoint, String method, String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://localhost:" + endpoint.port() + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }
}
