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

    CommandRun run =
        CommandRun.of(
            "classify",
            Photographs.folder().toString(),
            "--models=" + models,
            "--model=" + network.id(),
            "--engine=" + engine,
            "--labels=" + Photographs.labels());

    assertThat(run.code()).as(run.err()).isZero();
    Matcher right = Pattern.compile("top-1: (\\d+) of 86 right").matcher(run.err());
    assertThat(right.find()).as(run.err()).isTrue();
    assertThat(Integer.parseInt(right.group(1)))
        .isBetween(network.right() - 1, network.right() + 1);
  }
}
