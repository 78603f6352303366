package dev.phistream.pipeline;

import java.lang.reflect.Method;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Makes the threads of stages. None of them keeps the JVM alive. */
final class StageThreads {
  private StageThreads() {}

  /** Threads for steps that compute, named {@code decode-0}, {@code decode-1} and so on. */
  static ThreadFactory computing(String stage) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, stage + "-" + number.getAndIncrement());
      thread.setDaemon(true);
      return thread;
    };
  }

  /**
   * Threads for steps that wait for others' answers: virtual ones where the JDK has them (21 and
   * later), which cost next to nothing while they wait, else as above.
   */
  static ThreadFactory waiting(String stage) {
    ThreadFactory virtual = virtual(stage);
    return virtual == null ? computing(stage) : virtual;
  }

  /** By reflection, because the code is compiled for JDK 17. */
  private static @Nullable ThreadFactory virtual(String stage) {
    try {
      Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
      Class<?> type = Class.forName("java.lang.Thread$Builder");
      Method name = type.getMethod("name", String.class, long.class);
      Object named = name.invoke(builder, stage + "-", 0L);
      return (ThreadFactory) type.getMethod("factory").invoke(named);
    } catch (ReflectiveOperationException e) {
      return null; // an older JDK, or one where they are a preview
    }
  }
}
