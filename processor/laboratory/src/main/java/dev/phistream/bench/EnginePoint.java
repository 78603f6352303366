package dev.phistream.bench;

/**
 * What one figure belongs to.
 *
 * @param model as it was asked for
 * @param engine its name
 * @param device such as {@code cpu}
 * @param mode how the engine was put to work
 * @param batch images in a batch
 */
public record EnginePoint(String model, String engine, String device, Mode mode, int batch) {
  /** The same measured with another engine. */
  EnginePoint with(String otherEngine) {
    return new EnginePoint(model, otherEngine, device, mode, batch);
  }

  @Override
  public String toString() {
    return "%s on %s (%s), batch %d, %s".formatted(model, engine, device, batch, mode.label());
  }
}
