package dev.phistream.bench;

import dev.phistream.bench.peer.BenchSubject;
import dev.phistream.config.ConfigException;
import dev.phistream.config.Settings;
import dev.phistream.kafka.ClusterException;
import dev.phistream.model.ModelException;
import dev.phistream.runtime.StreamProcessor;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Phistream itself, as {@code run} starts it. */
record ProcessorSubject(StreamProcessor processor) implements BenchSubject {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

  static ProcessorSubject start(Settings config)
      throws ConfigException, ClusterException, ModelException, BenchException {
    StreamProcessor processor = StreamProcessor.start(config);
    try {
      processor.running().get(START_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      return new ProcessorSubject(processor);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      processor.close();
      throw new BenchException("interrupted while the processor started", e);
    } catch (ExecutionException | TimeoutException e) {
      processor.close();
      throw new BenchException("the processor does not start: " + e, e);
    }
  }

  @Override
  public long firstTakenMillis() {
    return 0;
  }

  @Override
  public void close() {
    processor.close();
  }
}
