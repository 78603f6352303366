package dev.phistream.planning;

/**
 * What a simulated instance has.
 *
 * @param devices how many run micro-batches side by side
 * @param devicesOnCores whether they compute on the cores, as CPU workers do
 * @param decoders how many events are decoded side by side
 * @param cores how many there are; what is to be done on them takes longer when it is more
 */
public record Machine(int devices, boolean devicesOnCores, int decoders, int cores) {
  /** Checks the values. */
  public Machine {
    positive("devices", devices);
    positive("decoders", decoders);
    positive("cores", cores);
  }

  private static void positive(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("%s: %d (expected: >= 1)".formatted(what, value));
    }
  }
}
