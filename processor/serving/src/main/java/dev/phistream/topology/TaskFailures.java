package dev.phistream.topology;

import dev.phistream.pipeline.EngineLostException;
import dev.phistream.wire.SchemaRegistryException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.TaskId;
import org.jspecify.annotations.Nullable;

/**
 * How often a task failed while an event was in flight, by event, for as long as this process
 * lives. A failure undoes what the ledger noted since the last commit, so the count is kept here
 * and goes into the event's next ledger entry. Thread-safe.
 */
public final class TaskFailures {
  /** An event that was in flight when its task failed so often is given up. */
  static final int MOST = 2;

  /** Of the events that are remembered; the oldest are forgotten first. */
  private static final int REMEMBERED = 10_000;

  private final Map<RecordPosition, Integer> counts =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<RecordPosition, Integer> eldest) {
          return size() > REMEMBERED;
        }
      };

  @SuppressWarnings("ThreadLocalUsage") // one per processor, not per program
  private final ThreadLocal<@Nullable Throwable> failing = new ThreadLocal<>();

  /** Notes, on the failing thread and before its tasks are closed, that it fails. */
  public void threadFails(Throwable error) {
    failing.set(error);
  }

  /**
   * Whether the calling thread closes a task because of a failure that an event may have caused.
   */
  boolean isFailing(TaskId task) {
    Throwable error = failing.get();
    return error != null
        && mayBeOfAnEvent(error)
        && !isOfOneRecord(error) // RefusedRecords knows which
        && concerns(error, task);
  }

  /** Counts a failure for an event. */
  synchronized void count(RecordPosition position) {
    counts.merge(position, 1, Integer::sum);
  }

  /** Failures that were counted for an event. */
  synchronized int of(RecordPosition position) {
    return counts.getOrDefault(position, 0);
  }

  /**
   * Whether a failure may be an event's fault. Not if Kafka, the schema registry or the engine is
   * away: then each event would be given up for the weather.
   */
  static boolean mayBeOfAnEvent(Throwable error) {
    return causes(error)
        .noneMatch(
            cause ->
                cause instanceof SchemaRegistryException
                    || cause instanceof EngineLostException
                    || (cause instanceof ApiException && !isOfOneRecord(cause)));
  }

  /** Whether Kafka refuses one record for what it is. */
  public static boolean isOfOneRecord(Throwable error) {
    return causes(error)
        .anyMatch(
            cause ->
                cause instanceof RecordTooLargeException
                    || cause instanceof InvalidTimestampException
                    || cause instanceof InvalidRecordException);
  }

  private static boolean concerns(Throwable error, TaskId task) {
    Optional<TaskId> named =
        causes(error)
            .filter(StreamsException.class::isInstance)
            .map(StreamsException.class::cast)
            .flatMap(failure -> failure.taskId().stream())
            .findFirst();
    return named.isEmpty() || named.get().equals(task);
  }

  private static Stream<Throwable> causes(Throwable error) {
    return Stream.iterate(error, cause -> cause != null, Throwable::getCause).limit(50);
  }
}
