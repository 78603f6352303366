package dev.phistream.inference;

import java.util.List;

/**
 * What the GPU driver answers.
 *
 * @param visible the GPUs, in the driver's order
 * @param obstacle why there is none; empty when there is one
 */
record Gpus(List<Gpu> visible, String obstacle) {
  /** Copies the list. */
  Gpus {
    visible = List.copyOf(visible);
  }

  static Gpus of(List<Gpu> visible) {
    return new Gpus(visible, visible.isEmpty() ? "the GPU driver shows no GPU" : "");
  }

  static Gpus none(String obstacle) {
    return new Gpus(List.of(), obstacle);
  }
}
