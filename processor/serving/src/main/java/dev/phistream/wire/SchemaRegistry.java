package dev.phistream.wire;

import com.microsoft.kiota.ApiException;
import dev.phistream.schema.UnreadableRecordException;
import io.apicurio.registry.client.RegistryClientFactory;
import io.apicurio.registry.client.common.RegistryClientOptions;
import io.apicurio.registry.client.common.auth.VertXAuthFactory;
import io.apicurio.registry.resolver.DefaultSchemaResolver;
import io.apicurio.registry.resolver.SchemaResolver;
import io.apicurio.registry.resolver.client.RegistryClientFacadeImpl;
import io.apicurio.registry.resolver.strategy.ArtifactReference;
import io.apicurio.registry.rest.client.models.ProblemDetails;
import io.apicurio.registry.serde.avro.AvroSchemaParser;
import io.apicurio.registry.serde.avro.DefaultAvroDatumProvider;
import io.apicurio.registry.serde.config.SerdeConfig;
import io.apicurio.registry.serde.data.SerdeRecord;
import io.apicurio.registry.serde.kafka.data.KafkaSerdeMetadata;
import io.apicurio.registry.serde.strategy.TopicIdStrategy;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * An Apicurio Registry, version 3, whose content ids are the schema ids of the Confluent wire
 * format. Asks through Apicurio's serde. Thread-safe; remembers nothing for long, callers do.
 */
final class SchemaRegistry implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
  // A registry that takes requests and never answers holds a stream thread up for as long; below
  // Kafka Streams' transaction time-out of 10 s.
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

  private final String url;
  private final Vertx vertx;
  private final WebClient client;
  private final SchemaResolver<Schema, Object> resolver;

  /**
   * Does not talk to it yet.
   *
   * @param url its address; may hold {@code user:password@} for basic authentication
   * @throws IllegalArgumentException when the address is none
   */
  SchemaRegistry(String url) {
    this(url, ANSWER_TIMEOUT);
  }

  SchemaRegistry(String url, Duration answerTimeout) {
    URI address = address(url);
    String user = address.getUserInfo();
    this.url = user == null ? url : url.replace(address.getRawUserInfo() + "@", "");
    this.vertx = vertx();
    this.client = client(vertx, user, answerTimeout);
    RegistryClientOptions options =
        RegistryClientOptions.create(this.url, vertx).customWebClient(client).disableRetry();
    this.resolver =
        new DefaultSchemaResolver<>(
            new RegistryClientFacadeImpl(RegistryClientFactory.create(options)));
    resolver.configure(
        Map.of(
            SerdeConfig.AUTO_REGISTER_ARTIFACT,
            true,
            SerdeConfig.ARTIFACT_RESOLVER_STRATEGY,
            TopicIdStrategy.class.getName()),
        new AvroSchemaParser<>(new DefaultAvroDatumProvider<>(false)));
  }

  /**
   * The schema of an id.
   *
   * @throws UnreadableRecordException when the registry knows no such id, or what it has under it
   *     is no Avro schema
   * @throws SchemaRegistryException when the registry does not say
   */
  Schema schema(int id) throws UnreadableRecordException {
    try {
      return resolver
          .resolveSchemaByArtifactReference(
              ArtifactReference.builder().contentId((long) id).build())
          .getParsedSchema()
          .getParsedSchema();
    } catch (RuntimeException e) {
      if (isUnknown(e)) {
        throw new UnreadableRecordException(
            "schema id %d: unknown to %s (expected: the content id of an Avro schema)"
                .formatted(id, url),
            e);
      }
      if (cause(e, SchemaParseException.class) != null) {
        throw new UnreadableRecordException(
            "schema id %d: not Avro at %s (expected: the content id of an Avro schema)"
                .formatted(id, url),
            e);
      }
      throw failure("asked for schema id " + id, e);
    }
  }

  /**
   * Registers the schema of a topic's values, if it is not yet, as artifact {@code TOPIC-value}.
   *
   * @return its id
   * @throws SchemaRegistryException when the registry does not take it
   */
  int register(String topic, Schema schema) {
    KafkaSerdeMetadata metadata = new KafkaSerdeMetadata(topic, false, new RecordHeaders());
    metadata.setExplicitSchemaContent(schema.toString());
    // Its cache knows schemas by content alone, so a second topic would get no artifact.
    resolver.reset();
    try {
      return Math.toIntExact(
          resolver.resolveSchema(new SerdeRecord<>(metadata, schema)).getContentId());
    } catch (RuntimeException e) {
      throw failure("asked to register the schema of topic " + topic, e);
    }
  }

  @Override
  public void close() {
    client.close();
    try {
      vertx
          .close()
          .toCompletionStage()
          .toCompletableFuture()
          .get(CONNECT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      throw new IllegalStateException("schema registry client: not closed", e);
    }
  }

  private SchemaRegistryException failure(String asked, RuntimeException error) {
    ApiException answer = cause(error, ApiException.class);
    return new SchemaRegistryException(
        "schema registry %s, %s: %s (expected: an Apicurio Registry 3 that answers; check schema-registry.url)"
            .formatted(
                url,
                asked,
                answer == null
                    ? rootCause(error)
                    : "status " + answer.getResponseStatusCode() + ", " + answer.getMessage()),
        error);
  }

  /** A wrong address answers 404 too, but not with the registry's own kind of body. */
  private static boolean isUnknown(RuntimeException error) {
    ProblemDetails problem = cause(error, ProblemDetails.class);
    return problem != null
        && problem.getResponseStatusCode() == 404
        && problem.getName() != null
        && problem.getName().endsWith("NotFoundException");
  }

  private static <E extends Throwable> @Nullable E cause(Throwable error, Class<E> type) {
    for (Throwable e = error; e != null; e = e.getCause()) {
      if (type.isInstance(e)) {
        return type.cast(e);
      }
    }
    return null;
  }

  private static Throwable rootCause(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private static URI address(String url) {
    try {
      URI address = URI.create(url);
      if (address.getHost() != null && String.valueOf(address.getScheme()).matches("https?")) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      // as below
    }
    throw new IllegalArgumentException( // without the address, which may hold a password
        "the address of the schema registry is none (expected: such as http://registry:8080/apis/registry/v3)");
  }

  private static Vertx vertx() {
    return Vertx.vertx(
        new VertxOptions()
            .setUseDaemonThread(true)
            .setEventLoopPoolSize(1)
            .setWorkerPoolSize(1)
            .setInternalBlockingPoolSize(1)
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setFileCachingEnabled(false)
                    .setClassPathResolvingEnabled(false)));
  }

  private static WebClient client(Vertx vertx, @Nullable String user, Duration answerTimeout) {
    WebClientOptions options =
        new WebClientOptions()
            .setConnectTimeout(Math.toIntExact(CONNECT_TIMEOUT.toMillis()))
            .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
            .setIdleTimeout(Math.toIntExact(answerTimeout.toMillis()));
    if (user == null) {
      return WebClient.create(vertx, options);
    }
    int colon = user.indexOf(':');
    return VertXAuthFactory.buildSimpleAuthWebClient(
        vertx,
        options,
        colon < 0 ? user : user.substring(0, colon),
        colon < 0 ? "" : user.substring(colon + 1));
  }
}
