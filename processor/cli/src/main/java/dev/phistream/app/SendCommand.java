package dev.phistream.app;

import dev.phistream.client.EventFormat;
import dev.phistream.client.EventSender;
import dev.phistream.client.FileEvents;
import dev.phistream.client.RequestOptions;
import dev.phistream.config.ConfigException;
import dev.phistream.config.Settings;
import dev.phistream.event.Tier;
import dev.phistream.kafka.ClusterException;
import dev.phistream.kafka.KafkaConnection;
import dev.phistream.wire.InputFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Images in. */
@Command(
    name = "send",
    mixinStandardHelpOptions = true,
    description = {
      "Send images to be labelled.",
      "The command prints how many the broker acknowledged, and exits with code 1 if some are",
      "missing."
    })
final class SendCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Parameters(
      arity = "1..*",
      paramLabel = "PATH",
      description = "Images, or folders of images; other files in folders are skipped.")
  private List<Path> paths = List.of();

  @Option(
      names = "--topic",
      paramLabel = "T",
      description = "The topic to send to (default: setting topics.input).")
  private @Nullable String topic;

  @Option(
      names = "--tier",
      paramLabel = "TIER",
      defaultValue = "DEFAULT",
      description = "The tier of the events: latency, balanced or accuracy.")
  private Tier tier = Tier.DEFAULT;

  @Option(names = "--variant", paramLabel = "V", description = "Ask for this variant.")
  private @Nullable String variant;

  @Option(
      names = "--budget-ms",
      paramLabel = "N",
      description = "Ask for labels within N milliseconds.")
  private @Nullable Integer budgetMillis;

  @Option(names = "--top-k", paramLabel = "N", description = "Ask for N labels per image.")
  private @Nullable Integer topK;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      defaultValue = "1",
      description = "Send all images N times, each time as new events.")
  private int repeat = 1;

  @Option(
      names = "--uri",
      description = "Send a reference to the file with its SHA-256 instead of the image.")
  private boolean uri;

  @Option(
      names = "--raw",
      description =
          "Send plain images with everything else in headers (default if input.format is raw).")
  private boolean raw;

  @Option(
      names = "--source",
      paramLabel = "S",
      defaultValue = "phistream-send",
      description = "The source of the events (default: ${DEFAULT-VALUE}).")
  private String source = "phistream-send";

  @Option(
      names = "--key",
      paramLabel = "K",
      description = "Give all events this key, which keeps their order (default: each event's id).")
  private @Nullable String key;

  @Option(names = "--json", description = "Print the outcome as a JSON object.")
  private boolean json;

  SendCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws CommandException, ConfigException, ClusterException {
    RequestOptions request = checkUsage();
    Settings settings = options.load();
    EventFormat format =
        raw || settings.input().format() == InputFormat.RAW
            ? EventFormat.raw()
            : EventFormat.avro();
    ImageFiles images = ImageFiles.in(paths);
    if (images.passedOver() > 0) {
      console.err().println("passed over as no images: %d".formatted(images.passedOver()));
    }
    FileEvents events = new FileEvents(source, request, uri);
    SendReport report = new SendReport((long) images.files().size() * repeat);
    try (EventSender sender =
            EventSender.connect(
                new KafkaConnection(settings.kafka()),
                topic == null ? settings.topics().input() : topic,
                format);
        ProgressBar progress = console.progress("send", (long) images.files().size() * repeat)) {
      for (int round = 0; round < repeat; round++) {
        for (Path file : images.files()) {
          send(file, events, sender, report, progress);
        }
      }
      sender.flush();
    }
    if (json) {
      report.printJson(console, images.passedOver());
    } else {
      report.print(console);
    }
    return report.complete() ? 0 : 1;
  }

  private RequestOptions checkUsage() {
    if (uri && raw) {
      throw new ParameterException(
          spec.commandLine(), "--uri: with --raw (expected: one of them; raw events are images)");
    }
    if (repeat < 1) {
      throw new ParameterException(spec.commandLine(), "--repeat: " + repeat + " (expected: >= 1)");
    }
    try {
      return new RequestOptions(tier, variant, budgetMillis, topK);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
  }

  private void send(
      Path file, FileEvents events, EventSender sender, SendReport report, ProgressBar progress) {
    try {
      var unused =
          sender
              .send(events.event(file), key)
              .whenComplete(
                  (place, error) -> {
                    if (error == null) {
                      report.acknowledge();
                    } else {
                      report.fail(file, String.valueOf(error.getMessage()));
                    }
                    progress.step();
                  });
    } catch (IOException e) {
      report.fail(file, String.valueOf(e.getMessage()));
      progress.step();
    }
  }
}
