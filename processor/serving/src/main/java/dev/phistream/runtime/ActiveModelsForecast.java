package dev.phistream.runtime;

import dev.phistream.batching.BatchForecast;
import dev.phistream.pipeline.ActiveModels;

/**
 * What micro-batches of the models that answer now are expected to take.
 *
 * @param queues knows the models by the names of their queues
 * @param activeModels says which model answers for a variant
 */
record ActiveModelsForecast(BatchForecast queues, ActiveModels activeModels)
    implements BatchForecast {
  @Override
  public int devices() {
    return queues.devices();
  }

  @Override
  public int target(String variant) {
    return queues.target(queue(variant));
  }

  @Override
  public long nanos(String variant, int size) {
    return queues.nanos(queue(variant), size);
  }

  private String queue(String variant) {
    return activeModels.pair(variant).current().queue();
  }
}
