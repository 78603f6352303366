package dev.phistream.repository;

import java.time.Duration;

/** Hears how a download goes. Called by the thread that downloads. */
public interface PullListener {
  /**
   * Bytes came.
   *
   * @param file of the model
   * @param received bytes on disk, those of an earlier pull included
   * @param total bytes of the file, or -1 if the server does not say
   */
  void received(String file, long received, long total);

  /** Something failed that may be better the next time, which will be after a pause. */
  void retrying(String reason, Duration pause);
}
