package dev.phistream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.phistream.image.Preprocessing;
import dev.phistream.testkit.TinyModels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The file as any reader of Protocol Buffers sees it; field numbers as in onnx.proto. */
class OnnxFormatTest {
  private static final Scaling SCALING = new Scaling(0.25, 0.4, 32);
  private static final Network NETWORK = TinyModels.network(SCALING);
  private static final Map<String, Tensor> TENSORS = TinyModels.tensors(NETWORK, 5);

  @Test
  void the_model_says_what_reads_it_and_what_it_is() throws Exception {
    UnknownFieldSet model = parse(graph(Padding.SAME, Op.InputType.PIXELS));

    assertThat(number(model, 1)).as("IR version").isEqualTo(7);
    assertThat(text(model, 2)).as("producer").isEqualTo("phistream");
    assertThat(number(messages(model, 8).get(0), 2)).as("operator set").isEqualTo(13);
    Map<String, String> properties = new HashMap<>();
    messages(model, 14).forEach(property -> properties.put(text(property, 1), text(property, 2)));
    assertThat(properties).isEqualTo(Map.of("model", "tiny", "labels", "ant\nbee\ncät"));
  }

  @ParameterizedTest
  @EnumSource
  void the_input_is_any_number_of_images_and_the_output_their_logits(Op.InputType type)
      throws Exception {
    UnknownFieldSet graph = messages(parse(graph(Padding.SAME, type)), 7).get(0);

    int element = type == Op.InputType.PIXELS ? 2 : 1;
    assertThat(value(messages(graph, 11))).isEqualTo("data " + element + " N 3 32 32");
    assertThat(value(messages(graph, 12))).isEqualTo("logits 1 N 3");
  }

  @Test
  void nodes_use_only_what_stands_before_them_and_every_name_is_given_once() throws Exception {
    UnknownFieldSet graph =
        messages(parse(graph(Padding.SYMMETRIC, Op.InputType.PIXELS)), 7).get(0);

    Set<String> known = new HashSet<>(Set.of("data"));
    for (UnknownFieldSet tensor : messages(graph, 5)) {
      assertThat(known.add(text(tensor, 8))).as(text(tensor, 8)).isTrue();
    }
    Set<String> used = new HashSet<>(Set.of("logits"));
    for (UnknownFieldSet node : messages(graph, 1)) {
      assertThat(known).containsAll(texts(node, 1));
      used.addAll(texts(node, 1));
      assertThat(known.add(text(node, 2))).as(text(node, 2)).isTrue();
    }
    assertThat(used).as("nothing is there for nothing").isEqualTo(known);
  }

  @Test
  void weights_are_little_endian_floats_of_the_shape_they_say() throws Exception {
    UnknownFieldSet graph = messages(parse(graph(Padding.SAME, Op.InputType.PIXELS)), 7).get(0);

    UnknownFieldSet weight = named("classifier.weight", messages(graph, 5), 8);
    Tensor expected = Objects.requireNonNull(TENSORS.get("classifier.weight"));
    assertThat(weight.getField(1).getVarintList())
        .isEqualTo(expected.shape().stream().map(Integer::longValue).toList());
    assertThat(number(weight, 2)).as("float32").isEqualTo(1);
    ByteString raw = weight.getField(9).getLengthDelimitedList().get(0);
    FloatBuffer floats = raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    float[] values = new float[floats.remaining()];
    floats.get(values);
    assertThat(values).isEqualTo(expected.values());
  }

  /** 3×3 with stride 2 on an even side: TensorFlow pads only the right and the bottom. */
  @Test
  void lopsided_padding_is_told_as_it_is_and_costs_no_larger_kernel() throws Exception {
    UnknownFieldSet graph = messages(parse(graph(Padding.SAME, Op.InputType.PIXELS)), 7).get(0);

    UnknownFieldSet stem = named("conv_stem", messages(graph, 1), 3);
    assertThat(named("pads", messages(stem, 5), 1).getField(8).getVarintList())
        .containsExactly(0L, 0L, 1L, 1L);
    assertThat(named("kernel_shape", messages(stem, 5), 1).getField(8).getVarintList())
        .containsExactly(3L, 3L);
    UnknownFieldSet weight = named("conv_stem.weight", messages(graph, 5), 8);
    assertThat(weight.getField(1).getVarintList().subList(2, 4)).containsExactly(3L, 3L);
  }

  @Test
  void a_graph_for_training_is_refused() throws Exception {
    Graph training =
        TrainingGraph.of(
            NETWORK,
            Weights.of(NETWORK, TENSORS, "test"),
            conventions(Padding.SYMMETRIC),
            Preprocessing.imagenet(SCALING.resolution(), 1.0),
            new Noise(0.2, 0));

    assertThatThrownBy(() -> parse(training))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("operation bn1: BatchNorm (expected: one of an inference graph)");
  }

  private static Graph graph(Padding padding, Op.InputType type) throws ModelException {
    return InferenceGraph.of(
        NETWORK,
        Weights.of(NETWORK, TENSORS, "test"),
        conventions(padding),
        Preprocessing.imagenet(SCALING.resolution(), 1.0),
        type);
  }

  private static WeightConventions conventions(Padding padding) {
    return new WeightConventions(padding, 1e-3);
  }

  private static UnknownFieldSet parse(Graph graph) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OnnxFormat.write(
        graph, SCALING.resolution(), Map.of("model", "tiny", "labels", "ant\nbee\ncät"), out);
    return UnknownFieldSet.parseFrom(out.toByteArray());
  }

  /** Name, element type and sizes of the only value of a list. */
  private static String value(List<UnknownFieldSet> values) {
    assertThat(values).hasSize(1);
    UnknownFieldSet tensor = messages(messages(values.get(0), 2).get(0), 1).get(0);
    List<String> words = new ArrayList<>(List.of(text(values.get(0), 1)));
    words.add(String.valueOf(number(tensor, 1)));
    for (UnknownFieldSet dimension : messages(messages(tensor, 2).get(0), 1)) {
      words.add(dimension.hasField(2) ? text(dimension, 2) : String.valueOf(number(dimension, 1)));
    }
    return String.join(" ", words);
  }

  private static UnknownFieldSet named(String name, List<UnknownFieldSet> messages, int field) {
    return messages.stream()
        .filter(message -> text(message, field).equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<UnknownFieldSet> messages(UnknownFieldSet message, int field) {
    return message.getField(field).getLengthDelimitedList().stream()
        .map(OnnxFormatTest::parsed)
        .toList();
  }

  private static UnknownFieldSet parsed(ByteString bytes) {
    try {
      return UnknownFieldSet.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static long number(UnknownFieldSet message, int field) {
    return message.getField(field).getVarintList().get(0);
  }

  private static String text(UnknownFieldSet message, int field) {
    return texts(message, field).get(0);
  }

  private static List<String> texts(UnknownFieldSet message, int field) {
    return message.getField(field).getLengthDelimitedList().stream()
        .map(ByteString::toStringUtf8)
        .toList();
  }
}
