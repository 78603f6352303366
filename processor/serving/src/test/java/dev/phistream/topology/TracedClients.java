package dev.phistream.topology;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.phistream.topology.CommitTrace.Kind;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/** Real clients and a real store that say in a trace what Kafka Streams does with them. */
final class TracedClients implements KafkaClientSupplier {
  private final CommitTrace trace;
  private final AtomicInteger failures;

  /**
   * Creates them.
   *
   * @param failures how many of the consumer's commits fail, beginning with the second
   */
  TracedClients(CommitTrace trace, int failures) {
    this.trace = trace;
    this.failures = new AtomicInteger(failures);
  }

  @Override
  public Admin getAdmin(Map<String, Object> config) {
    return Admin.create(config);
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    Producer<byte[], byte[]> real =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    return traced(
        Producer.class,
        (method, arguments) -> {
          switch (method.getName()) {
            case "send" -> {
              Callback callback = (Callback) arguments[1];
              arguments[1] =
                  (Callback)
                      (place, error) -> {
                        trace.add(Kind.ARRIVED);
                        callback.onCompletion(place, error);
                      };
              trace.add(Kind.SENT);
              return call(method, real, arguments);
            }
            case "sendOffsetsToTransaction" -> {
              trace.add(Kind.COMMITTING, offset(arguments[0]));
              return call(method, real, arguments);
            }
            case "commitTransaction" -> {
              Object result = call(method, real, arguments);
              trace.add(Kind.COMMITTED);
              return result;
            }
            default -> {
              return call(method, real, arguments);
            }
          }
        });
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
    Consumer<byte[], byte[]> real = consumer(config);
    return traced(
        Consumer.class,
        (method, arguments) -> {
          if (!method.getName().equals("commitSync")) {
            return call(method, real, arguments);
          }
          trace.add(Kind.COMMITTING, offset(arguments[0]));
          if (trace.count(Kind.COMMITTED) > 0 && failures.getAndDecrement() > 0) {
            trace.add(Kind.COMMIT_FAILED);
            throw new TimeoutException("as the test wants it");
          }
          Object result = call(method, real, arguments);
          trace.add(Kind.COMMITTED);
          return result;
        });
  }

  @Override
  public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
    return consumer(config);
  }

  @Override
  public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
    return consumer(config);
  }

  /** A store in memory whose keys are texts of numbers. */
  KeyValueBytesStoreSupplier store(String name) {
    KeyValueBytesStoreSupplier memory = Stores.inMemoryKeyValueStore(name);
    return new KeyValueBytesStoreSupplier() {
      @Override
      public String name() {
        return memory.name();
      }

      @Override
      public KeyValueStore<Bytes, byte[]> get() {
        return tracedStore(memory.get());
      }

      @Override
      public String metricsScope() {
        return memory.metricsScope();
      }
    };
  }

  private KeyValueStore<Bytes, byte[]> tracedStore(KeyValueStore<Bytes, byte[]> real) {
    return traced(
        KeyValueStore.class,
        (method, arguments) -> {
          switch (method.getName()) {
            case "put", "putIfAbsent" -> written(arguments[0], arguments[1]);
            case "delete" -> written(arguments[0], null);
            case "putAll" -> {
              for (Object entry : (Iterable<?>) arguments[0]) {
                KeyValue<?, ?> pair = (KeyValue<?, ?>) entry;
                written(pair.key, pair.value);
              }
            }
            case "commit" -> trace.add(Kind.TOLD);
            default -> {} // reads
          }
          return call(method, real, arguments);
        });
  }

  private void written(Object key, @Nullable Object value) {
    long number = Long.parseLong(new String(((Bytes) key).get(), US_ASCII));
    trace.add(value == null ? Kind.DELETED : Kind.WRITTEN, number);
  }

  private static long offset(Object offsets) {
    return ((Map<?, ?>) offsets)
        .values().stream().mapToLong(value -> ((OffsetAndMetadata) value).offset()).sum();
  }

  private static Consumer<byte[], byte[]> consumer(Map<String, Object> config) {
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** What is done for a call. */
  private interface Call {
    @Nullable Object answer(Method method, Object[] arguments) throws Throwable;
  }

  @SuppressWarnings("unchecked") // the proxy answers as the real one, whose type it has
  private static <T> T traced(Class<? super T> type, Call call) {
    InvocationHandler handler =
        (proxy, method, arguments) ->
            call.answer(method, arguments == null ? new Object[0] : arguments);
    return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
  }

  private static @Nullable Object call(Method method, Object real, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getTargetException();
    }
  }
}
