package dev.phistream.bench.peer;

import ai.djl.modality.Classifications;
import dev.phistream.model.ModelException;
import dev.phistream.model.Op;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A camel-djl route from topic to topic, one per thread, each with a model of its own: predictors
 * of one model would run one after the other. Its offsets are committed after what they stand for
 * has been sent: at least once.
 */
public final class CamelPeer implements BenchSubject {
  private final FirstTaken firstTaken;
  private final CamelContext camel;
  private final List<ai.djl.Model> models;

  private CamelPeer(FirstTaken firstTaken, CamelContext camel, List<ai.djl.Model> models) {
    this.firstTaken = firstTaken;
    this.camel = camel;
    this.models = models;
  }

  /**
   * Starts it.
   *
   * @throws ModelException when the model does not load
   * @throws IllegalStateException when Camel does not start
   */
  public static CamelPeer start(PeerJob job) throws ModelException {
    List<ai.djl.Model> models = DjlModel.load(job.model(), Op.InputType.NORMALISED, job.threads());
    byte[] blank = DjlModel.blankImage();
    models.forEach(model -> DjlModel.standard(model, job.model()).classify(blank));
    CamelContext camel = new DefaultCamelContext();
    FirstTaken firstTaken = new FirstTaken();
    CamelPeer peer = new CamelPeer(firstTaken, camel, models);
    try {
      camel.getRegistry().bind("translator", DjlModel.standardTranslator(job.model()));
      for (int i = 0; i < models.size(); i++) {
        camel.getRegistry().bind("model" + i, models.get(i));
        camel.addRoutes(route(job, "model" + i, firstTaken));
      }
      camel.start();
      return peer;
    } catch (Exception e) { // what Camel declares
      peer.close();
      throw new IllegalStateException("camel does not start", e);
    }
  }

  private static RouteBuilder route(PeerJob job, String model, FirstTaken firstTaken) {
    return new RouteBuilder() {
      @Override
      public void configure() {
        from("kafka:%s?brokers=%s&groupId=%s&autoOffsetReset=earliest&breakOnFirstError=true&keyDeserializer=%s&valueDeserializer=%s"
                .formatted(
                    job.input(),
                    job.bootstrap(),
                    job.group(),
                    ByteArrayDeserializer.class.getName(),
                    ByteArrayDeserializer.class.getName()))
            .process(exchange -> firstTaken.note())
            .to("djl:cv/image_classification?model=%s&translator=translator".formatted(model))
            .process(CamelPeer::toText)
            .to(
                "kafka:%s?brokers=%s&keySerializer=%s&valueSerializer=%s"
                    .formatted(
                        job.output(),
                        job.bootstrap(),
                        ByteArraySerializer.class.getName(),
                        ByteArraySerializer.class.getName()));
      }
    };
  }

  private static void toText(Exchange exchange) {
    exchange
        .getMessage()
        .setBody(MapValuesPeer.text(exchange.getMessage().getBody(Classifications.class)));
  }

  @Override
  public long firstTakenMillis() {
    return firstTaken.millis();
  }

  @Override
  public void close() {
    camel.stop();
    models.forEach(ai.djl.Model::close);
  }
}
