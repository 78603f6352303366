package dev.phistream.batching;

/** What micro-batches are expected to take, over the devices that are left. Thread-safe. */
public interface BatchForecast {
  /** Devices that run micro-batches side by side; 0 when none is left. */
  int devices();

  /** Items with which a micro-batch of {@code variant} is full now, the mean over the devices. */
  int target(String variant);

  /** What a micro-batch takes, the mean over the devices; 0 while nothing is known. */
  long nanos(String variant, int size);
}
