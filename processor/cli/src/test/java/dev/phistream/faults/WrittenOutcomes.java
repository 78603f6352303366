package dev.phistream.faults;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * How much has been written to the output topics, committed or not. It runs ahead of what {@link
 * OutcomeReader} sees: a frozen instance's open transaction hides all that comes after it, and the
 * marks of transactions count as well.
 */
final class WrittenOutcomes implements AutoCloseable {
  private final Admin admin;
  private final Map<TopicPartition, OffsetSpec> ends = new HashMap<>();

  WrittenOutcomes(String bootstrap, FaultTopics topics, int partitions) {
    this.admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
    for (String topic : topics.outputs()) {
      for (int i = 0; i < partitions; i++) {
        ends.put(new TopicPartition(topic, i), OffsetSpec.latest());
      }
    }
  }

  long count() {
    try {
      return admin.listOffsets(ends).all().get(30, TimeUnit.SECONDS).values().stream()
          .mapToLong(ListOffsetsResultInfo::offset)
          .sum();
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      throw new AssertionError("ends of the output topics", e);
    }
  }

  @Override
  public void close() {
    admin.close();
  }
}
