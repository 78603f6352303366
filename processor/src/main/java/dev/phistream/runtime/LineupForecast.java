package dev.phistream.runtime;

import dev.phistream.batching.BatchForecast;
import dev.phistream.pipeline.Lineup;

/**
 * What micro-batches of the models that answer now are expected to take.
 *
 * @param queues knows the models by the names of their queues
 * @param lineup says which model answers for a variant
 */
record LineupForecast(BatchForecast queues, Lineup lineup) implements BatchForecast {
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
    return lineup.cast(variant).current().queue();
  }
}
