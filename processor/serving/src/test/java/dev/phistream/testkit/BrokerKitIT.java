package dev.phistream.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(BrokerKit.Extension.class)
class BrokerKitIT {
  @Test
  void what_is_sent_can_be_read_with_key_and_headers(BrokerKit kafka) {
    String topic = kafka.createTopic("kit");
    byte[] large = new byte[15 * 1024 * 1024];
    kafka.send(
        List.of(
            BrokerKit.record(topic, "a", new byte[] {1}, Map.of("tier", "latency")),
            BrokerKit.record(topic, "b", large, Map.of())));
    var records = kafka.readAll(topic);
    assertThat(records).hasSize(2);
    assertThat(records.get(0).key()).containsExactly('a');
    assertThat(BrokerKit.headers(records.get(0))).containsEntry("tier", "latency");
    assertThat(records.get(1).value()).hasSameSizeAs(large);
    assertThat(kafka.read(3, Duration.ofMillis(500), topic)).hasSize(2);
  }
}
