package dev.phistream.runtime;

import dev.phistream.pipeline.ImageClassifier;
import dev.phistream.topology.ClassifyParts;
import dev.phistream.topology.TopologyExtension;
import dev.phistream.wire.EventReader;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * What somebody who runs a processor for another purpose puts into it.
 *
 * @param extension stands around the classifying processor; is given the configured reader
 * @param reader reads events in place of the configured reader, which it is given
 * @param classifier answers in place of the serving one, which it is given
 * @param clients makes the Kafka clients
 */
public record ProcessorOverrides(
    Function<EventReader, TopologyExtension> extension,
    UnaryOperator<EventReader> reader,
    UnaryOperator<ImageClassifier> classifier,
    KafkaClientSupplier clients) {

  ClassifyParts adapt(ClassifyParts parts) {
    return parts.with(classifier.apply(parts.classifier()), reader.apply(parts.reader()));
  }
}
