package dev.phistream.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.phistream.schema.SingleObjectCodec;
import dev.phistream.schema.UnreadableRecordException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WireFormatsTest {
  private static final String NOWHERE = "http://127.0.0.1:9/apis/registry/v3";

  @Test
  void options_name_reader_and_writer() {
    try (WireFormats avro = formats(InputFormat.AVRO, OutputFormat.AVRO, null);
        WireFormats plain = formats(InputFormat.RAW, OutputFormat.JSON, NOWHERE);
        WireFormats registry = formats(InputFormat.AVRO, OutputFormat.AVRO, NOWHERE)) {
      assertThat(avro.events()).isInstanceOf(AvroEventReader.class);
      assertThat(avro.results()).isInstanceOf(AvroResultWriter.class);
      assertThat(plain.events()).isInstanceOf(RawEventReader.class);
      assertThat(plain.results()).isInstanceOf(JsonResultWriter.class);
      assertThat(registry.events()).isInstanceOf(RegistryEventReader.class);
      assertThat(registry.results()).isNotInstanceOf(AvroResultWriter.class);
    }
  }

  @Test
  void a_comparison_is_written_in_the_results_format() throws Exception {
    try (WireFormats avro = formats(InputFormat.RAW, OutputFormat.AVRO, null);
        WireFormats json = formats(InputFormat.RAW, OutputFormat.JSON, null)) {
      assertThat(
              SingleObjectCodec.comparisons()
                  .decode(avro.comparisons().write("labels.comparison", WireSamples.comparison())))
          .isEqualTo(WireSamples.comparison());
      assertThat(json.comparisons().write("labels.comparison", WireSamples.comparison()))
          .asString(UTF_8)
          .isEqualTo(
              """
              {"eventId":"event-1","source":"camera-7","trial":"next","variant":"b0",\
              "answered":{"model":{"id":"efficientnet-b0","weightsDigest":"00ff"},\
              "labels":[{"index":281,"label":"tabby","score":0.5}],"totalMs":33.5},\
              "other":{"model":{"id":"b0-new","weightsDigest":"ff00"},\
              "labels":[{"index":7,"label":"cock","score":0.25}],"totalMs":40.0},\
              "agreed":false,"scoreDifference":-0.25,\
              "origin":{"topic":"images","partition":3,"offset":5},\
              "comparedAt":"2026-11-24T12:00:01.456Z"}""");
    }
  }

  @Test
  void results_are_read_whatever_their_format() throws Exception {
    try (WireFormats avro = formats(InputFormat.RAW, OutputFormat.AVRO, null);
        WireFormats json = formats(InputFormat.RAW, OutputFormat.JSON, null);
        ResultReader reader = new ResultReader(null)) {
      for (WireFormats formats : List.of(avro, json)) {
        byte[] value = formats.results().write("labels.latency", WireSamples.result("load"));
        assertThat(reader.read(value)).isEqualTo(WireSamples.result("load"));
      }
    }
  }

  @Test
  void values_that_are_no_result_are_refused_with_the_remedy() {
    try (ResultReader reader = new ResultReader(null)) {
      assertUnreadable(reader, null, "value: none (expected: a classification)");
      assertUnreadable(reader, new byte[] {0, 0, 0, 0, 1}, "name the schema registry with");
      assertUnreadable(reader, "hello".getBytes(UTF_8), "expected: Avro single-object encoding");
      assertUnreadable(
          reader,
          SingleObjectCodec.imageEvents().encode(WireSamples.event()),
          "expected: a published version of dev.phistream.event.Classification");
    }
  }

  @Test
  void without_a_registry_its_client_is_not_loaded() throws Exception {
    WithoutRegistryClient loader = new WithoutRegistryClient();

    Object bytes =
        ((Callable<?>)
                loader.loadClass(RoundTrip.class.getName()).getDeclaredConstructor().newInstance())
            .call();

    assertThat(bytes).isEqualTo("camera-7");
    assertThat(loader.loaded).contains(WireFormats.class.getName(), ResultReader.class.getName());
  }

  /** Runs inside the loader below. */
  public static final class RoundTrip implements Callable<String> {
    @Override
    public String call() throws Exception {
      try (WireFormats formats = formats(InputFormat.AVRO, OutputFormat.AVRO, null);
          ResultReader reader = new ResultReader(null)) {
        byte[] value = SingleObjectCodec.imageEvents().encode(WireSamples.event());
        formats.events().read(WireSamples.record(value));
        return reader.read(formats.results().write("labels", WireSamples.result())).getSource();
      }
    }
  }

  /** Loads our classes anew, and finds no class of the registry's client. */
  private static final class WithoutRegistryClient extends ClassLoader {
    private final List<String> loaded = new ArrayList<>();

    WithoutRegistryClient() {
      super(WireFormatsTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("io.apicurio") || name.startsWith("io.vertx") || name.contains("kiota")) {
        throw new ClassNotFoundException(name + " is kept away");
      }
      if (!name.startsWith("dev.phistream.wire")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> found = findLoadedClass(name);
        return found == null ? define(name) : found;
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (file == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] bytes = file.readAllBytes();
        loaded.add(name);
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  private static WireFormats formats(InputFormat input, OutputFormat output, @Nullable String url) {
    return new WireFormats(new WireOptions(input, output, url));
  }

  private static void assertUnreadable(
      ResultReader reader, byte @Nullable [] value, String message) {
    assertThatExceptionOfType(UnreadableRecordException.class)
        .isThrownBy(() -> reader.read(value))
        .withMessageContaining(message);
  }
}
