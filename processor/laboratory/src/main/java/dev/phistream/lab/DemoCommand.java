package dev.phistream.lab;

import dev.phistream.app.CommandException;
import dev.phistream.app.Console;
import dev.phistream.app.ImageFiles;
import dev.phistream.app.PullProgress;
import dev.phistream.app.RepositoryOption;
import dev.phistream.broker.EmbeddedBroker;
import dev.phistream.client.TopicReader;
import dev.phistream.config.ConfigException;
import dev.phistream.config.Settings;
import dev.phistream.config.SettingsLoader;
import dev.phistream.event.Tier;
import dev.phistream.kafka.ClusterException;
import dev.phistream.kafka.KafkaConnection;
import dev.phistream.model.ModelCard;
import dev.phistream.model.ModelException;
import dev.phistream.repository.PhotoModels;
import dev.phistream.repository.RepositoryException;
import dev.phistream.repository.RetryPolicy;
import dev.phistream.runtime.StreamProcessor;
import dev.phistream.topology.TopicNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.commons.io.FileUtils;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Everything in one process, to see it work. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Start a Kafka and the processor in this process, send images through all tiers,",
      "and show the labels. Without --exit it goes on, and takes more images (phistream send)."
    })
final class DemoCommand implements Callable<Integer> {
  private static final List<Tier> TIERS = List.of(Tier.LATENCY, Tier.BALANCED, Tier.ACCURACY);
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

  /** Without a single new answer for so long, the demo gives up. */
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--images",
      paramLabel = "DIR",
      description = "Images to send, files or folders (default: the bundled samples).")
  private List<Path> images = List.of();

  @Option(
      names = "--photos",
      description =
          "Label photographs: three MobileNets that know ImageNet's classes instead of the bundled"
              + " models. Needs --images.")
  private boolean photos;

  @Option(
      names = "--models-from",
      paramLabel = "DIR|URL",
      description =
          "Where the MobileNets' files are, for the first start with --photos; later ones need"
              + " neither this nor a network.")
  private @Nullable String modelsFrom;

  @Mixin private RepositoryOption repository = new RepositoryOption();

  @Option(names = "--exit", description = "End when every image has its labels; 1 if one has none.")
  private boolean exit;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "0",
      description = "Port of the Kafka (default: a free one).")
  private int port;

  DemoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call()
      throws ConfigException,
          ClusterException,
          ModelException,
          CommandException,
          RepositoryException,
          InterruptedException {
    checkUsage();
    if (photos) {
      ensureModels();
    }
    Path temporary = temporaryDirectory();
    try {
      List<Path> files =
          images.isEmpty() ? Samples.writeTo(temporary) : ImageFiles.in(images).files();
      console.err().println("starting a Kafka and the processor in this process");
      try (EmbeddedBroker broker =
              LocalBroker.start(EmbeddedBroker.Options.temporary().withPort(port));
          StreamProcessor processor = StreamProcessor.start(config(broker))) {
        awaitRunning(processor);
        return show(broker.bootstrap(), processor, files);
      }
    } finally {
      FileUtils.deleteQuietly(temporary.toFile());
    }
  }

  private void checkUsage() {
    if (photos && images.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--photos: without --images (expected: your photographs)");
    }
    if (modelsFrom != null && !photos) {
      throw new ParameterException(
          spec.commandLine(), "--models-from: without --photos (expected: both)");
    }
  }

  private void ensureModels() throws RepositoryException, ModelException, InterruptedException {
    try (PullProgress progress = new PullProgress(console)) {
      new PhotoModels(repository.repository(), RetryPolicy.DEFAULT, RetryPolicy.Sleeper.REAL)
          .ensure(Optional.ofNullable(modelsFrom), progress);
    }
    List<String> tiers = List.of("latency", "balanced", "accuracy");
    for (int i = 0; i < tiers.size(); i++) {
      ModelCard card = repository.locator().find(PhotoModels.IDS.get(i)).card();
      console
          .err()
          .printf(
              "%s: %s, %.0f million multiply-adds per image%n",
              tiers.get(i), card.variant(), card.network().flops() / 1e6);
    }
  }

  private int show(String bootstrap, StreamProcessor processor, List<Path> files)
      throws ClusterException {
    KafkaConnection kafka = KafkaConnection.to(bootstrap);
    TopicNames topics = processor.topics();
    DemoScore score =
        new DemoScore(console, files.size() * TIERS.size(), images.isEmpty(), topics.deadLetters());
    try (TopicReader reader =
        TopicReader.open(kafka, topics.outputs(processor.serving().variants()))) {
      console
          .err()
          .println(
              "sending %d images through %d tiers to %s"
                  .formatted(files.size(), TIERS.size(), bootstrap));
      DemoSender sender = new DemoSender(kafka, topics.input(), score);
      sender.start(files, TIERS);
      readUntilComplete(reader, score);
      score.print(TIERS);
      sender.failures().forEach(reason -> console.err().println("phistream: " + reason));
      if (exit) {
        return score.allLabelled() ? 0 : 1;
      }
      goOn(bootstrap, reader, score);
      return 0;
    }
  }

  private static void readUntilComplete(TopicReader reader, DemoScore score)
      throws ClusterException {
    int before;
    do {
      before = score.outcomes();
      reader.readFor(
          SILENCE,
          record -> {
            score.take(record);
            return !score.complete();
          });
    } while (!score.complete() && score.outcomes() > before);
  }

  private void goOn(String bootstrap, TopicReader reader, DemoScore score) throws ClusterException {
    console
        .out()
        .printf(
            "%nThe Kafka at %s takes more: ./phistream send IMAGE --bootstrap %s --tier"
                + " accuracy%nCtrl-C ends.%n",
            bootstrap, bootstrap);
    reader.readFor(
        Duration.ofDays(365),
        record -> {
          score.take(record);
          return true;
        });
  }

  private Settings config(EmbeddedBroker broker) throws ConfigException {
    Map<String, String> settings = new HashMap<>();
    settings.put("bootstrap", broker.bootstrap());
    settings.put("application-id", "phistream-demo");
    if (photos) {
      settings.put("models", String.join(",", PhotoModels.IDS));
      settings.put("model-repository", repository.repository().directory().toString());
    }
    return new SettingsLoader().withEnvironment(System.getenv()).withValues(settings).load();
  }

  private static void awaitRunning(StreamProcessor processor)
      throws ClusterException, InterruptedException {
    try {
      processor.running().get(START_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new ClusterException(
          "the processor is not running after %d s; the log says why"
              .formatted(START_TIMEOUT.toSeconds()),
          e);
    }
  }

  private static Path temporaryDirectory() throws CommandException {
    try {
      return Files.createTempDirectory("phistream-demo-");
    } catch (IOException e) {
      throw new CommandException("no temporary directory: " + e, e);
    }
  }
}
