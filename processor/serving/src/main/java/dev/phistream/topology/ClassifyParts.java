package dev.phistream.topology;

import dev.phistream.pipeline.ImageClassifier;
import dev.phistream.routing.Router;
import dev.phistream.trial.Trials;
import dev.phistream.wire.ComparisonWriter;
import dev.phistream.wire.EventReader;
import dev.phistream.wire.ResultWriter;

/**
 * What the classifying processor works with; shared by all tasks, so each part is thread-safe.
 *
 * @param classifier answers
 * @param router chooses the variant
 * @param trials assigns further models to events
 * @param reader makes events of records
 * @param topics where things come from and go
 * @param writer makes record values of results
 * @param comparisons makes record values of comparisons
 * @param drain says when to stop starting events
 * @param safeguards keep one record from stopping the stream
 * @param settings sizes and times
 */
public record ClassifyParts(
    ImageClassifier classifier,
    Router router,
    Trials trials,
    EventReader reader,
    TopicNames topics,
    ResultWriter writer,
    ComparisonWriter comparisons,
    Drain drain,
    Safeguards safeguards,
    ClassifySettings settings) {

  /** The same for other topics. */
  public ClassifyParts with(TopicNames others) {
    return new ClassifyParts(
        classifier,
        router,
        trials,
        reader,
        others,
        writer,
        comparisons,
        drain,
        safeguards,
        settings);
  }

  /** The same with another classifier and reader. */
  public ClassifyParts with(ImageClassifier another, EventReader anotherReader) {
    return new ClassifyParts(
        another,
        router,
        trials,
        anotherReader,
        topics,
        writer,
        comparisons,
        drain,
        safeguards,
        settings);
  }
}
