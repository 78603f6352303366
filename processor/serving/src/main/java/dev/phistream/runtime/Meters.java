package dev.phistream.runtime;

import dev.phistream.metrics.MetricsEndpoint;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The processor's meters, and the endpoint that shows them if one is configured. */
final class Meters implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Meters.class);
  private static final int MOST_PORT = 65_535;

  private final PrometheusMeterRegistry registry;
  private final @Nullable MetricsEndpoint endpoint;

  private Meters(PrometheusMeterRegistry registry, @Nullable MetricsEndpoint endpoint) {
    this.registry = registry;
    this.endpoint = endpoint;
  }

  /**
   * Begins.
   *
   * @throws ConfigException when the endpoint cannot listen where it should
   */
  static Meters start(ProcessorConfig config) throws ConfigException {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    OptionalInt port = config.metrics().port();
    if (port.isEmpty()) {
      return new Meters(registry, null);
    }
    String host = config.metrics().host();
    if (port.getAsInt() < 0 || port.getAsInt() > MOST_PORT) {
      throw new ConfigException(
          "metrics.port: %d (expected: 0 to %d)".formatted(port.getAsInt(), MOST_PORT));
    }
    try {
      MetricsEndpoint endpoint = MetricsEndpoint.start(host, port.getAsInt(), registry);
      log.info("meters at http://{}:{}/metrics", host, endpoint.port());
      return new Meters(registry, endpoint);
    } catch (IOException e) {
      throw new ConfigException(
          "metrics.port: %s:%d (expected: an address that is free here): %s"
              .formatted(host, port.getAsInt(), e.getMessage()),
          e);
    }
  }

  MeterRegistry registry() {
    return registry;
  }

  @Override
  public void close() {
    if (endpoint != null) {
      endpoint.close();
    }
    registry.close();
  }
}
