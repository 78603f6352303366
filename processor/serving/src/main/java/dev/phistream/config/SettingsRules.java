package dev.phistream.config;

import dev.phistream.event.Tier;
import dev.phistream.trial.Trial;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.apache.kafka.streams.StreamsConfig;

/**
 * What settings demand of each other, and what Kafka demands of its own. A rule says nothing about
 * settings that have a problem already.
 */
final class SettingsRules {
  /** Kafka's settings that have a setting of ours, or would break a promise. */
  private static final Map<String, String> FORBIDDEN =
      Map.ofEntries(
          Map.entry("bootstrap.servers", "not set; bootstrap names the brokers"),
          Map.entry(
              StreamsConfig.APPLICATION_ID_CONFIG, "not set; application-id names the application"),
          Map.entry(ConsumerConfig.GROUP_ID_CONFIG, "not set; application-id names the group"),
          Map.entry(
              ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "not set; instance-id names an instance"),
          Map.entry(
              StreamsConfig.NUM_STREAM_THREADS_CONFIG,
              "not set; stream-threads says how many threads there are"),
          Map.entry(
              ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
              "not set; window.events says how many are taken"),
          Map.entry(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, Skipping.RECORDS),
          Map.entry(StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, Skipping.RECORDS),
          Map.entry("default.production.exception.handler", Skipping.RECORDS));

  private interface Skipping {
    String RECORDS = "not set, because skipping records would lose events";
  }

  private static final List<String> STORES =
      List.of(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG, SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG);

  private final Settings settings;
  private final List<Problem> problems;
  private final List<String> warnings;

  SettingsRules(Settings settings, List<Problem> problems, List<String> warnings) {
    this.settings = settings;
    this.problems = problems;
    this.warnings = warnings;
  }

  void check() {
    checkRole();
    checkTopics();
    checkRegistry();
    checkEngine();
    checkTier("latency", settings.tiers().latency());
    checkTier("balanced", settings.tiers().balanced());
    checkTier("accuracy", settings.tiers().accuracy());
    checkTrials();
    new TreeMap<>(settings.kafka().properties()).forEach(this::checkKafka);
    checkTimes();
  }

  private void checkRole() {
    if (settings.variants().isPresent() && settings.role() != Role.CLASSIFIER) {
      refuse(
          "variants",
          String.join(",", settings.variants().get()),
          "empty unless role is classifier; models says what is served",
          "role");
    }
  }

  private void checkTopics() {
    Settings.Topics topics = settings.topics();
    Map<String, String> users = new HashMap<>();
    users.put(topics.input(), "topics.input");
    checkTopic("topics.dead-letters", topics.deadLetters(), users);
    checkTopic("topics.comparisons", topics.comparisons(), users);
    Arrays.stream(Tier.values())
        .filter(tier -> tier != Tier.DEFAULT)
        .map(tier -> topics.labels().replace("{tier}", tier.name().toLowerCase(Locale.ROOT)))
        .filter(users::containsKey)
        .findFirst()
        .ifPresent(topic -> checkTopic("topics.labels", topic, users));
  }

  private void checkTopic(String setting, String topic, Map<String, String> users) {
    String other = users.putIfAbsent(topic, setting);
    if (other != null) {
      refuse(setting, topic, "another topic than " + other, other);
    }
  }

  private void checkRegistry() {
    settings
        .schemaRegistry()
        .url()
        .ifPresent(
            url -> {
              try {
                if (new URI(url).getHost() != null) {
                  return;
                }
              } catch (URISyntaxException e) {
                // as below
              }
              refuse(
                  "schema-registry.url",
                  url,
                  "an address such as http://registry:8080/apis/registry/v3; write special"
                      + " characters of a password as %40");
            });
  }

  private void checkEngine() {
    if (!settings.engine().equals("mxnet")) {
      return;
    }
    settings
        .gpu()
        .memoryLimit()
        .ifPresent(
            limit ->
                refuse(
                    "gpu.memory-limit",
                    limit.toString(),
                    "empty with engine mxnet, which cannot keep a limit; engine onnxruntime can",
                    "engine"));
    if (settings.gpu().tf32()) {
      refuse(
          "gpu.tf32",
          "true",
          "false with engine mxnet, which has no such choice; engine onnxruntime has",
          "engine");
    }
  }

  private void checkTier(String tier, Settings.TierSettings policy) {
    String name = "tiers." + tier;
    if (policy.shed() && policy.objective().isEmpty()) {
      refuse(
          name + ".shed",
          "true",
          "false without %s.objective, because the tier sheds what would miss it".formatted(name),
          name + ".objective");
    }
  }

  private void checkTrials() {
    Map<String, String> trials = new HashMap<>();
    settings
        .trials()
        .forEach(
            (name, trial) -> {
              String other = trials.putIfAbsent(trial.variant(), name);
              if (other != null) {
                refuse(
                    "trials.%s.variant".formatted(name),
                    trial.variant(),
                    "a variant without a trial; trial %s has this one".formatted(other));
              }
              if (trial.kind() == Trial.Kind.SHADOW && trial.compareShare() > 0) {
                refuse(
                    "trials.%s.compare-share".formatted(name),
                    String.valueOf(trial.compareShare()),
                    "not set for a shadow, whose events are all compared; share says how many take"
                        + " part",
                    "trials.%s.kind".formatted(name));
              }
            });
  }

  private void checkKafka(String name, String value) {
    String full = Catalogue.KAFKA + name;
    String plain = name.substring(KafkaClient.of(name).prefix().length());
    if (FORBIDDEN.containsKey(plain)) {
      refuse(full, value, FORBIDDEN.getOrDefault(plain, "not set"));
    } else if (!KafkaDefinitions.isKnown(name)) {
      warn(full, value);
    } else {
      KafkaDefinitions.objection(name, value)
          .ifPresentOrElse(
              objection -> refuse(full, value, objection), () -> checkContent(full, plain, value));
    }
  }

  private void warn(String name, String value) {
    String kafkas = name.substring(Catalogue.KAFKA.length());
    warnings.add(
        settings
            .provenance()
            .problem(
                name,
                KafkaDefinitions.isSecret(kafkas) ? Secrets.MASK : value,
                KafkaDefinitions.nearest(kafkas)
                    .map(near -> "a name that Kafka knows, perhaps " + Catalogue.KAFKA + near)
                    .orElse("a name that Kafka knows"),
                "")
            .message());
  }

  private void checkContent(String name, String plain, String value) {
    if (STORES.contains(plain) && !isReadable(value)) {
      refuse(name, value, "a readable file");
    } else if (plain.equals(SaslConfigs.SASL_JAAS_CONFIG)) {
      try {
        var unused = JaasContext.loadClientContext(Map.of(plain, new Password(value)));
      } catch (IllegalArgumentException | KafkaException e) {
        refuse(
            name,
            value,
            "a login module with its options, such as"
                + " org.apache.kafka.common.security.plain.PlainLoginModule required username=\"u\""
                + " password=\"p\";");
      }
    }
  }

  private static boolean isReadable(String file) {
    try {
      return Files.isRegularFile(Path.of(file)) && Files.isReadable(Path.of(file));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private void checkTimes() {
    Duration whole = settings.window().answerTimeout();
    settings
        .images()
        .decodeTimeout()
        .ifPresent(timeout -> checkPart("images.decode-timeout", timeout, whole));
    checkPart(
        "references.timeout", settings.references().timeout(), whole.minus(Settings.FETCH_GRACE));
  }

  /** What hangs in a stage ends there, with a code that says in which. */
  private void checkPart(String name, Duration value, Duration below) {
    String whole = "window.answer-timeout";
    if (value.compareTo(below) >= 0) {
      refuse(
          name,
          Durations.text(value),
          "less than %s, which %s allows in all; lower it or raise %s"
              .formatted(Durations.text(below), whole, whole),
          whole);
    }
  }

  private void refuse(String name, String shown, String expected, String... others) {
    if (hasProblem(name) || Arrays.stream(others).anyMatch(this::hasProblem)) {
      return;
    }
    boolean secret =
        name.startsWith(Catalogue.KAFKA)
            && KafkaDefinitions.isSecret(name.substring(Catalogue.KAFKA.length()));
    problems.add(
        settings
            .provenance()
            .problem(
                name,
                settings.provenance().shown(name).orElse(secret ? Secrets.MASK : shown),
                expected,
                ""));
  }

  private boolean hasProblem(String name) {
    return problems.stream().anyMatch(problem -> problem.name().equals(name));
  }
}
