package dev.phistream.inference;

/**
 * What an engine computes on.
 *
 * @param kind the CPU as a whole, or one GPU
 * @param index which of its kind, from 0 on
 */
public record ComputeDevice(Kind kind, int index) {
  /** The CPU; runners on it share its cores. */
  public static final ComputeDevice CPU = new ComputeDevice(Kind.CPU, 0);

  /** Kinds of devices. */
  public enum Kind {
    /** All cores. */
    CPU,
    /** One graphics processor. */
    GPU
  }

  /** A GPU as the driver counts them. */
  public static ComputeDevice gpu(int index) {
    return new ComputeDevice(Kind.GPU, index);
  }

  /** Name for results, metrics and configuration: {@code cpu} or {@code gpu:0}. */
  public String name() {
    return kind == Kind.CPU ? "cpu" : "gpu:" + index;
  }
}
