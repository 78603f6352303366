package dev.phistream.runtime;

import dev.phistream.pipeline.ImageClassifier;
import dev.phistream.topology.ClassifyParts;
import dev.phistream.topology.TopologyExtension;
import dev.phistream.wire.EventReader;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What somebody who runs a processor for another purpose puts into it.
 *
 * @param extension stands around the classifying processor; is given the configured reader
 * @param reader reads events in place of the configured reader, which it is given
 * @param classifier answers in place of the serving one, which it is given
 * @param consumer makes the consumer of the input
 */
public record ProcessorOverrides(
    Function<EventReader, TopologyExtension> extension,
    UnaryOperator<EventReader> reader,
    UnaryOperator<ImageClassifier> classifier,
    ConsumerFactory consumer) {

  /** Makes the consumer that reads the input of a stream thread. */
  @FunctionalInterface
  public interface ConsumerFactory {
    /** Creates a consumer. */
    WindowedConsumer create(Map<String, Object> config, WindowedConsumer.Environment environment);
  }

  ClassifyParts adapt(ClassifyParts parts) {
    return parts.with(classifier.apply(parts.classifier()), reader.apply(parts.reader()));
  }
}
