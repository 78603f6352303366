package dev.phistream.app;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.TopologyDescription.Node;
import org.apache.kafka.streams.TopologyDescription.Processor;
import org.apache.kafka.streams.TopologyDescription.Sink;
import org.apache.kafka.streams.TopologyDescription.Source;
import org.apache.kafka.streams.TopologyDescription.Subtopology;

/** Topologies as Mermaid flow charts: topics as stadiums, stores as cylinders. */
final class Mermaid {
  private Mermaid() {}

  static String flowchart(TopologyDescription topology) {
    List<String> lines = new ArrayList<>();
    lines.add("flowchart LR");
    topology.subtopologies().stream()
        .sorted(Comparator.comparingInt(Subtopology::id))
        .forEach(
            part ->
                part.nodes().stream()
                    .sorted(Comparator.comparing(Node::name))
                    .forEach(node -> add(lines, node)));
    return String.join(System.lineSeparator(), lines);
  }

  private static void add(List<String> lines, Node node) {
    String name = node.name();
    if (node instanceof Source source) {
      source.topicSet().stream()
          .sorted()
          .forEach(topic -> lines.add("  topic_%s([%s]) --> %s".formatted(topic, topic, name)));
    }
    if (node instanceof Processor processor) {
      processor.stores().stream()
          .sorted()
          .forEach(store -> lines.add("  %s <--> %s[(%s)]".formatted(name, store, store)));
    }
    if (node instanceof Sink sink) {
      String topic = sink.topic() == null ? sink.topicNameExtractor().toString() : sink.topic();
      lines.add("  %s --> topic_of_%s([\"%s\"])".formatted(name, name, topic));
    }
    node.successors().stream()
        .sorted(Comparator.comparing(Node::name))
        .forEach(next -> lines.add("  %s --> %s".formatted(name, next.name())));
  }
}
