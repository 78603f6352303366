package dev.phistream.training;

import org.jspecify.annotations.Nullable;

/** Is told how a transfer training goes. */
public interface TransferListener {
  /** A piece of work begins. */
  void begin(String work, long steps);

  /** A step of it is done; called on any thread. */
  void step();

  /**
   * What the present work has reached.
   *
   * @param loss mean over its epoch so far
   * @param accuracy on the images learnt from, 0 to 1
   */
  void progress(double loss, double accuracy);

  /** A line that stays. */
  void note(String line);

  /**
   * An epoch is done.
   *
   * @param phase {@code head} or {@code fine-tune}
   * @param tuned accuracy on the images that choose, or null if none were looked at
   */
  void epoch(String phase, int epoch, int epochs, Epoch result, @Nullable Double tuned);

  /** Hears nothing. */
  TransferListener SILENT =
      new TransferListener() {
        @Override
        public void begin(String work, long steps) {}

        @Override
        public void step() {}

        @Override
        public void progress(double loss, double accuracy) {}

        @Override
        public void note(String line) {}

        @Override
        public void epoch(
            String phase, int epoch, int epochs, Epoch result, @Nullable Double tuned) {}
      };
}
