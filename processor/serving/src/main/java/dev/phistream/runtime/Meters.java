package dev.phistream.runtime;

import dev.phistream.config.ConfigException;
import dev.phistream.config.Settings;
import dev.phistream.metrics.MetricsEndpoint;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The processor's meters, and the endpoint that shows them if one is configured. */
final class Meters implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Meters.class);

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
  static Meters start(Settings config) throws ConfigException {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    OptionalInt port = config.metrics().port();
    if (port.isEmpty()) {
      return new Meters(registry, null);
    }
    String host = config.metrics().host();
    try {
      MetricsEndpoint endpoint = MetricsEndpoint.start(host, port.getAsInt(), registry);
      log.info("meters at http://{}:{}/metrics", host, endpoint.port());
      return new Meters(registry, endpoint);
    } catch (IOException | UnresolvedAddressException e) {
      throw new ConfigException(
          List.of(
              config
                  .provenance()
                  .problem(
                      "metrics.port",
                      "%s:%d".formatted(host, port.getAsInt()),
                      "an address that is free here: " + reason(e),
                      "choose another metrics.port or metrics.host")),
          e);
    }
  }

  private static String reason(Exception e) {
    return e instanceof UnresolvedAddressException
        ? "unknown host"
        : String.valueOf(e.getMessage());
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
