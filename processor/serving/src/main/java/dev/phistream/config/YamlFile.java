package dev.phistream.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A YAML file of settings. Mappings may be nested or have names with dots, or both; lists of texts
 * are the same as a text with commas.
 *
 * @param path the file
 */
record YamlFile(Path path) implements SettingSource {
  private static final int MOST_DEPTH = 20;

  @Override
  public List<Raw> values(Consumer<Problem> problems) {
    if (!Files.isRegularFile(path)) {
      problems.accept(
          new Problem(path.toString(), path + ": no such file (expected: a YAML file)"));
      return List.of();
    }
    try (Reader reader = Files.newBufferedReader(path)) {
      Node root = new Yaml(new SafeConstructor(new LoaderOptions())).compose(reader);
      Map<String, Raw> values = new LinkedHashMap<>();
      if (root != null && !root.getTag().equals(Tag.NULL)) {
        collect("", root, values, problems, 0);
      }
      return List.copyOf(values.values());
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
      problems.accept(broken(line, String.valueOf(e.getProblem())));
    } catch (IOException | YAMLException e) {
      problems.accept(broken(1, String.valueOf(e.getMessage()).lines().findFirst().orElse("")));
    }
    return List.of();
  }

  private void collect(
      String name, Node node, Map<String, Raw> values, Consumer<Problem> problems, int depth) {
    if (depth > MOST_DEPTH) {
      problems.accept(broken(line(node), "nested deeper than " + MOST_DEPTH + " levels"));
    } else if (node instanceof MappingNode mapping) {
      for (NodeTuple entry : mapping.getValue()) {
        if (entry.getKeyNode() instanceof ScalarNode key) {
          String nested = name.isEmpty() ? key.getValue() : name + "." + key.getValue();
          collect(nested, entry.getValueNode(), values, problems, depth + 1);
        } else {
          problems.accept(broken(line(entry.getKeyNode()), "a key that is no text"));
        }
      }
    } else if (name.isEmpty()) {
      problems.accept(
          broken(line(node), "no settings (expected: lines such as window.events: 32)"));
    } else if (node instanceof ScalarNode scalar) {
      put(name, scalar.getTag().equals(Tag.NULL) ? "" : scalar.getValue(), node, values, problems);
    } else if (node instanceof SequenceNode list) {
      List<String> texts = new ArrayList<>();
      for (Node item : list.getValue()) {
        if (!(item instanceof ScalarNode scalar)) {
          problems.accept(broken(line(item), name + ": a list in which something is no text"));
          return;
        }
        texts.add(scalar.getValue());
      }
      put(
          name,
          texts.stream().map(Values::escaped).collect(Collectors.joining(",")),
          node,
          values,
          problems);
    }
  }

  private void put(
      String name, String text, Node node, Map<String, Raw> values, Consumer<Problem> problems) {
    Raw before =
        values.put(
            name, new Raw(name, text, new Origin(Origin.Kind.FILE, path + ":" + line(node))));
    if (before != null) {
      problems.accept(
          broken(
              line(node), name + " a second time (expected: once; %s)".formatted(before.origin())));
    }
  }

  private Problem broken(int line, String what) {
    return new Problem(path.toString(), path + ":" + line + ": " + what);
  }

  private static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }
}
