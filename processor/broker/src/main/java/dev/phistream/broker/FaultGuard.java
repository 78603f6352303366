package dev.phistream.broker;

import java.util.concurrent.CompletableFuture;
import kafka.server.FaultHandlerFactory;
import org.apache.kafka.common.utils.internals.Exit;
import org.apache.kafka.server.fault.FaultHandler;
import org.apache.kafka.server.fault.FaultHandlerException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what would end the JVM of a real broker into a failure of the embedded one. Kafka ends
 * processes in two ways: through fault handlers, which each server is given, and through {@link
 * Exit}, of which there is one in a JVM; where several brokers share one, the youngest is blamed.
 */
final class FaultGuard implements FaultHandlerFactory {
  private static final Logger log = LoggerFactory.getLogger(FaultGuard.class);

  private final CompletableFuture<Throwable> fault = new CompletableFuture<>();

  /**
   * Guards {@link Exit} from now on, and after the broker is closed too: a late thread must not end
   * the JVM either.
   */
  void install() {
    Exit.setExitProcedure((status, message) -> refuse("exit", status, message));
    Exit.setHaltProcedure((status, message) -> refuse("halt", status, message));
  }

  /** The first fatal fault; completes when there is one, normally and never exceptionally. */
  CompletableFuture<Throwable> fault() {
    return fault;
  }

  @Override
  public FaultHandler build(String name, boolean fatal, Runnable action) {
    return new FaultHandler() {
      @Override
      public RuntimeException handleFault(String message, @Nullable Throwable cause) {
        return handle(name, fatal, action, message, cause);
      }
    };
  }

  private RuntimeException handle(
      String name, boolean fatal, Runnable action, String message, @Nullable Throwable cause) {
    FaultHandlerException exception = new FaultHandlerException(name + ": " + message, cause);
    if (fatal) {
      log.error("embedded broker: fatal: {}: {}", name, message, cause);
      fault.complete(exception);
    } else {
      log.error("embedded broker: {}: {}", name, message, cause);
    }
    action.run();
    return exception;
  }

  private void refuse(String how, int status, @Nullable String message) {
    IllegalStateException error =
        new IllegalStateException(
            "embedded broker wanted to %s the JVM with %d: %s".formatted(how, status, message));
    log.error("{}", error.getMessage(), error);
    fault.complete(error);
    throw error; // callers do not expect to go on
  }
}
