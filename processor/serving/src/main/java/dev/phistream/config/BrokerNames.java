package dev.phistream.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Looks the names of the brokers up: with none that is known, Kafka's clients cannot be made. */
final class BrokerNames {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Settings settings;
  private final List<Problem> problems;
  private final List<String> warnings;

  BrokerNames(Settings settings, List<Problem> problems, List<String> warnings) {
    this.settings = settings;
    this.problems = problems;
    this.warnings = warnings;
  }

  void check() {
    if (problems.stream().anyMatch(problem -> problem.name().equals("bootstrap"))) {
      return;
    }
    List<String> unknown = new ArrayList<>();
    String[] addresses = settings.bootstrap().split(",", -1);
    for (String address : addresses) {
      String host = address.strip().replaceFirst(":\\d+$", "");
      if (!isKnown(host)) {
        unknown.add(host);
      }
    }
    if (unknown.isEmpty()) {
      return;
    }
    Problem problem =
        settings
            .provenance()
            .problem(
                "bootstrap",
                settings.bootstrap(),
                unknown.size() == addresses.length
                    ? "a host that is known here"
                    : "hosts that are known here; %s is not".formatted(String.join(", ", unknown)),
                "");
    if (unknown.size() == addresses.length) {
      problems.add(problem);
    } else {
      warnings.add(problem.message());
    }
  }

  /** Without an answer in time the name counts as known: connecting will tell. */
  private static boolean isKnown(String host) {
    CompletableFuture<InetAddress> lookup = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                lookup.complete(InetAddress.getByName(host));
              } catch (UnknownHostException | RuntimeException e) {
                lookup.completeExceptionally(e);
              }
            },
            "broker-names");
    thread.setDaemon(true);
    thread.start();
    try {
      lookup.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
      return true;
    } catch (CompletionException e) {
      return !(e.getCause() instanceof UnknownHostException);
    }
  }
}
