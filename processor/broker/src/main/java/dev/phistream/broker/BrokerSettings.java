package dev.phistream.broker;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Kafka's settings for a cluster of one small node, which is broker and controller in one. */
final class BrokerSettings {
  static final int NODE_ID = 1;
  static final String CLIENT_LISTENER = "PLAINTEXT";
  static final String CONTROLLER_LISTENER = "CONTROLLER";

  /** Twice the processor's default, so that the topic's own limit is the one that counts. */
  private static final int MAX_MESSAGE_BYTES = 32 * 1024 * 1024;

  private static final int INTERNAL_TOPIC_PARTITIONS = 4;

  /** Still has room for the index of 350 MB of small records. */
  private static final int INDEX_BYTES = 1024 * 1024;

  private static final int CLEANER_BUFFER_BYTES = 4 * 1024 * 1024;
  private static final int MAX_STARTUP_MILLIS = 60_000;

  private BrokerSettings() {}

  static Map<String, String> of(String host, int port, Path data) {
    Map<String, String> settings = new HashMap<>();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", String.valueOf(NODE_ID));
    settings.put(
        "listeners",
        "%s://%s:%d,%s://localhost:0".formatted(CLIENT_LISTENER, host, port, CONTROLLER_LISTENER));
    settings.put("controller.listener.names", CONTROLLER_LISTENER);
    settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    // Only the form counts: the controller's free port is known once it is bound.
    settings.put("controller.quorum.voters", NODE_ID + "@localhost:1");
    settings.put("log.dirs", data.toString());
    settings.put("auto.create.topics.enable", "false");
    settings.put("message.max.bytes", String.valueOf(MAX_MESSAGE_BYTES));
    settings.put("server.max.startup.time.ms", String.valueOf(MAX_STARTUP_MILLIS));
    // Nobody else is on the way to join a group here.
    settings.put("group.initial.rebalance.delay.ms", "0");
    settings.put("group.streams.initial.rebalance.delay.ms", "0");
    // What a killed processor left open ends when it is due, not up to ten seconds later.
    settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
    // Clients may ask to be missed sooner than Kafka's six seconds; none has to.
    settings.put("group.min.session.timeout.ms", "1000");
    putOneNode(settings);
    putSmall(settings);
    return settings;
  }

  private static void putOneNode(Map<String, String> settings) {
    settings.put("offsets.topic.replication.factor", "1");
    settings.put("transaction.state.log.replication.factor", "1");
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("share.coordinator.state.topic.replication.factor", "1");
    settings.put("share.coordinator.state.topic.min.isr", "1");
    for (String topic :
        new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
      settings.put(topic + ".num.partitions", String.valueOf(INTERNAL_TOPIC_PARTITIONS));
    }
  }

  private static void putSmall(Map<String, String> settings) {
    // Images are large; the system knows better how much fits.
    settings.put("socket.send.buffer.bytes", "-1");
    settings.put("socket.receive.buffer.bytes", "-1");
    settings.put("num.network.threads", "2");
    settings.put("num.io.threads", "4");
    settings.put("background.threads", "2");
    settings.put("group.coordinator.threads", "1");
    settings.put("group.coordinator.background.threads", "1");
    // Indexes are mapped at full size, and where the system reads far ahead, the first write to one
    // fills all of it with zeros: with Kafka's 10 MB, measured 9 ms for each new partition (two of
    // them, read-ahead 8 MB).
    settings.put("log.index.size.max.bytes", String.valueOf(INDEX_BYTES));
    settings.put("log.cleaner.dedupe.buffer.size", String.valueOf(CLEANER_BUFFER_BYTES));
  }
}
