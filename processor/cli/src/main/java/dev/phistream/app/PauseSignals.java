package dev.phistream.app;

import java.lang.reflect.Proxy;

/**
 * SIGUSR2 pauses, SIGCONT goes on. (SIGUSR1 is the JVM's own.) By reflection, because the class is
 * the JDK's but in no standard.
 */
final class PauseSignals {
  private static final String PAUSE = "USR2";
  private static final String RESUME = "CONT";

  private PauseSignals() {}

  /** Listens from now on; whether this JVM and system can. */
  static boolean listen(Runnable pause, Runnable resume) {
    return handle(PAUSE, pause) && handle(RESUME, resume);
  }

  private static boolean handle(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              PauseSignals.class.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  action.run();
                  return null;
                }
                return method.getName().equals("equals")
                    ? (Object) (self == arguments[0])
                    : method.getName().equals("hashCode") ? System.identityHashCode(self) : name;
              });
      Object unused =
          signal
              .getMethod("handle", signal, handler)
              .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
      return true;
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      return false;
    }
  }
}
