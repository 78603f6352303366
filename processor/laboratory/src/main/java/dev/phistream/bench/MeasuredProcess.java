package dev.phistream.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A {@link StreamProcess} from outside. Not thread-safe. */
final class MeasuredProcess implements AutoCloseable {
  private final String name;
  private final ChildJvm process;

  private MeasuredProcess(String name, ChildJvm process) {
    this.name = name;
    this.process = process;
  }

  /**
   * Starts one.
   *
   * @param jvm options for its JVM
   * @param libraries what its class path has beyond that of this process
   */
  static MeasuredProcess start(String name, List<String> jvm, List<Path> libraries)
      throws BenchException {
    return new MeasuredProcess(
        name, ChildJvm.start(StreamProcess.class, jvm, List.of(), libraries));
  }

  /**
   * Has a job done.
   *
   * @throws BenchException when it cannot be done, or not in time
   */
  StreamReply ask(StreamJob job, Duration timeout) throws BenchException, InterruptedException {
    process.send(Json.line(job));
    StreamReply reply;
    try {
      reply = Json.read(process.receive(timeout), StreamReply.class);
    } catch (ChildJvm.SlowException e) {
      process.kill();
      throw new BenchException(
          "%s: no answer to %s within %d s; on a slow machine, measure less"
              .formatted(name, job.command(), timeout.toSeconds()),
          e);
    } catch (JsonProcessingException e) {
      throw new BenchException("%s answers nonsense: %s".formatted(name, e.getMessage()), e);
    }
    if (reply.error() != null) {
      throw new BenchException("%s: %s".formatted(name, reply.error()));
    }
    return reply;
  }

  @Override
  public void close() {
    process.close();
  }
}
