package dev.phistream.inference;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.phistream.model.Graph;
import dev.phistream.model.InferenceGraph;
import dev.phistream.model.Model;
import dev.phistream.model.ModelException;
import dev.phistream.model.OnnxFormat;
import dev.phistream.model.Op;
import dev.phistream.model.Quantization;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Finds the ranges of a network's values by running images through it with floats: from the least
 * value seen to the greatest. The same images always give the same ranges.
 */
public final class Calibration {
  private static final int COLOURS = 3;

  private Calibration() {}

  /**
   * Runs images one by one.
   *
   * @param images 3×H×W uint8 each, at least one
   * @throws ModelException when ONNX Runtime cannot load or run the model
   */
  public static Quantization of(Model model, List<byte[]> images) throws ModelException {
    if (images.isEmpty()) {
      throw new IllegalArgumentException("images: none (expected: at least one)");
    }
    OnnxEngine.start(1);
    int side = model.card().network().resolution();
    Graph graph = InferenceGraph.of(model, Op.InputType.PIXELS);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try {
      OnnxFormat.writeWithRanges(graph, side, file);
      try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
          OrtSession session = environment.createSession(file.toByteArray(), options)) {
        SortedMap<String, Quantization.Range> ranges = new TreeMap<>();
        ByteBuffer pixels =
            ByteBuffer.allocateDirect(COLOURS * side * side).order(ByteOrder.nativeOrder());
        for (byte[] image : images) {
          pixels.clear().put(image).flip();
          try (OnnxTensor input =
                  OnnxTensor.createTensor(
                      environment,
                      pixels,
                      new long[] {1, COLOURS, side, side},
                      OnnxJavaType.UINT8);
              OrtSession.Result result = session.run(Map.of(OnnxFormat.INPUT, input))) {
            for (Graph.Node node : graph.nodes()) {
              if (!(node.op() instanceof Op.Input)) {
                widen(ranges, node.name(), result);
              }
            }
          }
        }
        return new Quantization(Quantization.INT8, ranges);
      }
    } catch (IOException | OrtException e) {
      throw new ModelException(
          "model %s: ONNX Runtime cannot calibrate it: %s"
              .formatted(model.card().id(), e.getMessage()),
          e);
    }
  }

  private static void widen(
      SortedMap<String, Quantization.Range> ranges, String node, OrtSession.Result result)
      throws OrtException {
    float least = Math.min(0, value(result, node + ".ReduceMin"));
    float most = Math.max(0, value(result, node + ".ReduceMax"));
    if (most == least) {
      most = Float.MIN_NORMAL * (1 << 20); // always 0: any range will do that is not empty
    }
    ranges.merge(
        node,
        new Quantization.Range(least, most),
        (a, b) ->
            new Quantization.Range(Math.min(a.least(), b.least()), Math.max(a.most(), b.most())));
  }

  private static float value(OrtSession.Result result, String name) throws OrtException {
    OnnxValue value = result.get(name).orElseThrow();
    return (float) value.getValue();
  }
}
