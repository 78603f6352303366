package dev.phistream.broker;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka cluster of one node in this process. It takes clients on the local machine, without
 * authentication; topics must be created before use. Several may run in one process. Thread-safe.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedBroker.class);

  private final KafkaNode node;
  private final FaultGuard guard;
  private final Options options;
  private final Path data;
  private final DirectoryLock lock;
  private final AtomicBoolean closed = new AtomicBoolean();

  private EmbeddedBroker(
      KafkaNode node, FaultGuard guard, Options options, Path data, DirectoryLock lock) {
    this.node = node;
    this.guard = guard;
    this.options = options;
    this.data = data;
    this.lock = lock;
  }

  /**
   * How to run a broker.
   *
   * @param host name or address to listen on and to be known by to clients
   * @param port 0 for a free one
   * @param dataDirectory where records and offsets are kept for the next start; null for a
   *     temporary one that goes with the broker
   */
  public record Options(String host, int port, @Nullable Path dataDirectory) {
    /** Checks the port. */
    public Options {
      if (port < 0 || port > 65_535) {
        throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
      }
    }

    /** A free port of localhost, nothing kept. */
    public static Options temporary() {
      return new Options("localhost", 0, null);
    }

    /** The same on another port. */
    public Options withPort(int newPort) {
      return new Options(host, newPort, dataDirectory);
    }

    /** The same with a directory that is kept. */
    public Options withDataDirectory(Path directory) {
      return new Options(host, port, directory);
    }
  }

  /**
   * Starts a broker and returns when it takes clients, after a second or two.
   *
   * @throws BrokerException when the port is taken or the directory cannot be used
   */
  public static EmbeddedBroker start(Options options) throws BrokerException {
    Path data = dataDirectory(options);
    boolean started = false;
    BrokerStorage.check(data);
    DirectoryLock lock = DirectoryLock.take(data);
    try {
      BrokerStorage.format(data);
      FaultGuard guard = new FaultGuard();
      guard.install();
      KafkaNode node = startNode(options, data, guard);
      started = true;
      return new EmbeddedBroker(node, guard, options, data, lock);
    } finally {
      if (!started) {
        lock.close();
        deleteIfTemporary(options, data);
      }
    }
  }

  /** {@code HOST:PORT} for clients. */
  public String bootstrap() {
    return options.host() + ":" + port();
  }

  /** The port for clients. */
  public int port() {
    return node.port();
  }

  /** Where the records are. */
  public Path dataDirectory() {
    return data;
  }

  /**
   * Completes with the reason when the broker fails in a way that would have ended a process of its
   * own, such as a full disk. It is of no use from then on and should be closed.
   */
  public CompletableFuture<Throwable> failure() {
    return guard.fault().copy();
  }

  /** Stops it, which takes about a second, and deletes a temporary data directory. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      node.stop();
      lock.close();
      deleteIfTemporary(options, data);
    }
  }

  private static Path dataDirectory(Options options) throws BrokerException {
    Path given = options.dataDirectory();
    if (given != null) {
      return given.toAbsolutePath().normalize();
    }
    try {
      return Files.createTempDirectory("phistream-broker-");
    } catch (IOException e) {
      throw new BrokerException(
          "temporary directory %s: %s; set java.io.tmpdir or name a data directory"
              .formatted(System.getProperty("java.io.tmpdir"), e),
          e);
    }
  }

  private static KafkaNode startNode(Options options, Path data, FaultGuard guard)
      throws BrokerException {
    KafkaNode node;
    try {
      node = KafkaNode.create(BrokerSettings.of(options.host(), options.port(), data), guard);
    } catch (KafkaException | IllegalArgumentException | CompletionException e) {
      throw explain(options, data, e);
    }
    CompletableFuture<Void> startup = new CompletableFuture<>();
    Thread starter =
        new Thread(
            () -> {
              try {
                node.start();
                startup.complete(null);
              } catch (Throwable e) { // whatever it is, it must reach the caller
                startup.completeExceptionally(e);
              }
            },
            "phistream-broker-start");
    starter.setDaemon(true);
    starter.start();
    try {
      // A fault in one of Kafka's threads leaves startup waiting for what never comes.
      CompletableFuture.anyOf(startup, guard.fault().thenAccept(EmbeddedBroker::rethrow)).get();
      return node;
    } catch (ExecutionException e) {
      starter.interrupt();
      node.stop();
      throw explain(options, data, requireNonNull(e.getCause()));
    } catch (InterruptedException e) {
      starter.interrupt();
      node.stop();
      Thread.currentThread().interrupt();
      throw new BrokerException("interrupted while the broker was starting", e);
    }
  }

  private static void rethrow(Throwable fault) {
    throw new CompletionException(fault);
  }

  private static BrokerException explain(Options options, Path data, Throwable error) {
    log.debug("the broker did not start", error);
    Optional<Throwable> taken = cause(error, BindException.class);
    if (taken.isPresent()) {
      return new BrokerException(
          "port %d on %s: %s; choose another with --port, or 0 for a free one"
              .formatted(options.port(), options.host(), taken.get().getMessage()),
          error);
    }
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String reason = root.getMessage() == null ? root.toString() : root.getMessage();
    return new BrokerException(
        "data directory %s: the broker does not start on it: %s; name another, or delete it if its records may go"
            .formatted(data, reason),
        error);
  }

  private static Optional<Throwable> cause(Throwable error, Class<? extends Throwable> type) {
    for (Throwable at = error; at != null; at = at.getCause()) {
      if (type.isInstance(at)) {
        return Optional.of(at);
      }
    }
    return Optional.empty();
  }

  private static void deleteIfTemporary(Options options, Path data) {
    if (options.dataDirectory() == null) {
      try {
        BrokerStorage.delete(data);
      } catch (IOException e) {
        log.warn("temporary directory {} stays behind: {}", data, e.toString());
      }
    }
  }
}
