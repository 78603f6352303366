package dev.phistream.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
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
}
