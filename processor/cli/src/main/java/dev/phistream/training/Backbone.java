package dev.phistream.training;

import dev.phistream.inference.InferenceException;
import dev.phistream.inference.MxnetEngine;
import dev.phistream.inference.NetworkRunner;
import dev.phistream.model.Model;
import dev.phistream.model.ModelException;
import dev.phistream.model.NetworkCut;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * The layers below a cut, run by the inference engine: a runner for each core, shared by all
 * threads that ask. Thread-safe.
 */
final class Backbone implements AutoCloseable {
  /** Images that a runner takes at once, always as many: all are computed in the same way. */
  static final int BATCH = 4;

  private final NetworkCut cut;
  private final List<NetworkRunner> all = new ArrayList<>();
  private final BlockingQueue<NetworkRunner> idle;

  private Backbone(NetworkCut cut, int runners) {
    this.cut = cut;
    this.idle = new ArrayBlockingQueue<>(runners);
  }

  /** Brings it into memory, so many times. */
  static Backbone load(MxnetEngine engine, Model model, NetworkCut cut, int runners)
      throws ModelException {
    Backbone backbone = new Backbone(cut, runners);
    try {
      for (int i = 0; i < runners; i++) {
        NetworkRunner runner = engine.loadBelow(model, cut);
        backbone.all.add(runner);
        backbone.idle.add(runner);
      }
      return backbone;
    } catch (ModelException e) {
      backbone.close();
      throw e;
    }
  }

  NetworkCut cut() {
    return cut;
  }

  /**
   * What the layers make of images; waits for an idle runner.
   *
   * @param images at most {@link #BATCH}, 3×side×side uint8
   */
  List<float[]> maps(List<byte[]> images) throws InferenceException, InterruptedException {
    List<byte[]> whole = new ArrayList<>(images);
    while (whole.size() < BATCH) {
      whole.add(images.get(0));
    }
    NetworkRunner runner = idle.take();
    try {
      return runner.logits(whole).subList(0, images.size());
    } finally {
      idle.add(runner);
    }
  }

  @Override
  public void close() {
    all.forEach(NetworkRunner::close);
  }
}
