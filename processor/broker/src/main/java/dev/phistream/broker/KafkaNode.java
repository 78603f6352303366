package dev.phistream.broker;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.server.ServerSocketFactory;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import scala.Tuple2;

/**
 * Kafka's own server, put together as its {@code KafkaRaftServer} does, except for two things that
 * class does not let be chosen: what fatal faults do, and a controller on a free port.
 */
final class KafkaNode {
  /** The logging configuration gives threads this level. */
  private static final String LOG_KEY = "phistream.broker.level";

  private static final String QUIET = "OFF";

  private final ControllerServer controller;
  private final BrokerServer broker;
  private final Metrics metrics;

  private KafkaNode(ControllerServer controller, BrokerServer broker, Metrics metrics) {
    this.controller = controller;
    this.broker = broker;
    this.metrics = metrics;
  }

  static KafkaNode create(Map<String, String> settings, FaultGuard guard) {
    KafkaConfig config = new KafkaConfig(settings, false);
    Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> storage =
        KafkaRaftServer.initializeLogDirs(config, LoggerFactory.getLogger(KafkaNode.class), "");
    CompletableFuture<Map<Integer, InetSocketAddress>> voters = new CompletableFuture<>();
    Metrics metrics =
        Server.initializeMetrics(config, Time.SYSTEM, storage._1().clusterId().orElseThrow());
    SharedServer shared =
        new SharedServer(
            config,
            storage._1(),
            Time.SYSTEM,
            metrics,
            voters,
            List.of(),
            guard,
            ServerSocketFactory.INSTANCE);
    ControllerServer controller =
        new ControllerServer(shared, KafkaRaftServer.configSchema(), storage._2());
    CompletableFuture<Boolean> unused =
        controller
            .socketServerFirstBoundPortFuture()
            .thenApply(
                port ->
                    voters.complete(
                        Map.of(BrokerSettings.NODE_ID, new InetSocketAddress("localhost", port))));
    return new KafkaNode(controller, new BrokerServer(shared), metrics);
  }

  /** Starts; what goes wrong is thrown, not logged. */
  void start() {
    quietly(
        () -> {
          controller.startup(); // first: the broker asks it for its endpoints
          broker.startup();
        });
  }

  /** Stops, from whatever state it is in. */
  void stop() {
    quietly(
        () -> {
          broker.shutdown(); // first: it takes leave of the controller
          controller.shutdown();
          metrics.close(); // the two do it, unless they failed on the way up
        });
  }

  private static void quietly(Runnable work) {
    MDC.put(LOG_KEY, QUIET);
    try {
      work.run();
    } finally {
      MDC.remove(LOG_KEY);
    }
  }

  int port() {
    return broker.boundPort(ListenerName.normalised(BrokerSettings.CLIENT_LISTENER));
  }
}
