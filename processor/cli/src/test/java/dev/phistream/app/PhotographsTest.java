package dev.phistream.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.testkit.Photographs;
import dev.phistream.testkit.Photographs.Network;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Published networks label photographs right as often as an independent implementation does. */
class PhotographsTest {
  @TempDir static Path models;

  static List<Arguments> networks_and_engines() {
    List<Arguments> all = new ArrayList<>();
    for (Network network : Network.values()) {
      all.add(Arguments.of(network, "onnxruntime"));
      all.add(Arguments.of(network, "mxnet"));
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("networks_and_engines")
  void classify_gets_as_many_right_as_the_network_does(Network network, String engine)
      throws Exception {
    var unused = network.importInto(models);

    assertThat(right(network.id(), engine)).isBetween(network.right() - 1, network.right() + 1);
  }

  @ParameterizedTest
  @EnumSource(Network.class)
  void with_integers_a_network_loses_at_most_one(Network network) throws Exception {
    var unused = network.importInto(models);
    CommandRun quantized =
        CommandRun.of(
            "models",
            "quantize",
            network.id(),
            "--images=" + Photographs.folder(),
            "--out=" + network.id() + "-int8",
            "--models=" + models);
    assertThat(quantized.code()).as(quantized.err()).isZero();

    assertThat(right(network.id() + "-int8", "onnxruntime"))
        .isGreaterThanOrEqualTo(network.right() - 1);
  }

  /** Photographs that {@code classify} says are labelled right. */
  private static int right(String model, String engine) {
    CommandRun run =
        CommandRun.of(
            "classify",
            Photographs.folder().toString(),
            "--models=" + models,
            "--model=" + model,
            "--engine=" + engine,
            "--labels=" + Photographs.labels());
    assertThat(run.code()).as(run.err()).isZero();
    Matcher right = Pattern.compile("top-1: (\\d+) of 86 right").matcher(run.err());
    assertThat(right.find()).as(run.err()).isTrue();
    return Integer.parseInt(right.group(1));
  }
}
