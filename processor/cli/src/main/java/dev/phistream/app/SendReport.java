package dev.phistream.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What became of events that were sent. Thread-safe. */
final class SendReport {
  private static final int SHOWN = 10;

  private record Failure(Path file, String reason) {}

  private final long total;
  private final List<Failure> failures = new ArrayList<>();
  private long acknowledged;
  private long failed;

  /**
   * Begins a report.
   *
   * @param total events to be sent
   */
  SendReport(long total) {
    this.total = total;
  }

  synchronized void acknowledge() {
    acknowledged++;
  }

  synchronized void fail(Path file, String reason) {
    failed++;
    if (failures.size() < SHOWN) {
      failures.add(new Failure(file, reason));
    }
  }

  synchronized boolean complete() {
    return acknowledged == total;
  }

  /** For people: failures to where errors go, the count to where results go. */
  synchronized void print(Console console) {
    for (Failure failure : failures) {
      console.err().println("phistream: %s: %s".formatted(failure.file(), failure.reason()));
    }
    if (failed > failures.size()) {
      console.err().println("phistream: and %d more".formatted(failed - failures.size()));
    }
    console.out().println("acknowledged %d of %d".formatted(acknowledged, total));
  }

  /** For machines: one object. Of many failures the first ones are listed. */
  synchronized void printJson(Console console, int passedOver) {
    ObjectNode json =
        new ObjectMapper()
            .createObjectNode()
            .put("acknowledged", acknowledged)
            .put("total", total)
            .put("failed", failed)
            .put("passedOver", passedOver);
    ArrayNode listed = json.putArray("failures");
    for (Failure failure : failures) {
      listed.addObject().put("file", failure.file().toString()).put("reason", failure.reason());
    }
    console.out().println(json);
  }
}
