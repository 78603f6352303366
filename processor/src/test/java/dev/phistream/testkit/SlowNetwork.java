package dev.phistream.testkit;

import dev.phistream.model.Block;
import dev.phistream.model.Network;
import dev.phistream.model.Padding;
import dev.phistream.model.Tensor;
import dev.phistream.model.WeightConventions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * EfficientNet written down as plainly as can be, in float64: every sum by its definition, batch
 * normalisation not folded, padding laid out zero by zero. What quick engines compute is compared
 * with it.
 */
public final class SlowNetwork {
  private record Channels(int count, int side, double[] values) {
    double at(int channel, int y, int x) {
      boolean inside = y >= 0 && y < side && x >= 0 && x < side;
      return inside ? values[(channel * side + y) * side + x] : 0;
    }
  }

  private final Network network;
  private final Map<String, Tensor> tensors;
  private final WeightConventions conventions;

  /** Takes a network with its tensors, by timm's names. */
  public SlowNetwork(Network network, Map<String, Tensor> tensors, WeightConventions conventions) {
    this.network = network;
    this.tensors = tensors;
    this.conventions = conventions;
  }

  /** The logits of one picture, 3×H×W, normalised. */
  public double[] logits(float[] picture) {
    double[] pixels = IntStream.range(0, picture.length).mapToDouble(i -> picture[i]).toArray();
    Channels x = new Channels(3, network.resolution(), pixels);
    x = swish(norm("bn1", convolution("conv_stem", 2, x)));
    for (Block block : network.blocks()) {
      x = block(block, x);
    }
    x = swish(norm("bn2", convolution("conv_head", 1, x)));
    double[] features = means(x);
    float[] weight = values("classifier.weight");
    double[] logits = new double[network.classes()];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = values("classifier.bias")[i];
      for (int c = 0; c < features.length; c++) {
        logits[i] += weight[i * features.length + c] * features[c];
      }
    }
    return logits;
  }

  private Channels block(Block block, Channels input) {
    String name = block.name();
    Channels x = input;
    List<String> names = List.of("conv_dw", "bn1", "conv_pw", "bn2");
    if (block.expanded() != block.in()) {
      x = swish(norm(name + ".bn1", convolution(name + ".conv_pw", 1, x)));
      names = List.of("conv_dw", "bn2", "conv_pwl", "bn3");
    }
    x = convolution(name + "." + names.get(0), block.stride(), x);
    x = swish(norm(name + "." + names.get(1), x));
    Channels pooled = new Channels(x.count(), 1, means(x));
    Channels squeezed = swish(biased(name + ".se.conv_reduce", pooled));
    double[] gates = biased(name + ".se.conv_expand", squeezed).values();
    double[] gated = x.values().clone();
    for (int i = 0; i < gated.length; i++) {
      gated[i] *= sigmoid(gates[i / (x.side() * x.side())]);
    }
    x = new Channels(x.count(), x.side(), gated);
    x = norm(name + "." + names.get(3), convolution(name + "." + names.get(2), 1, x));
    if (block.stride() == 1 && block.in() == block.out()) {
      for (int i = 0; i < x.values().length; i++) {
        x.values()[i] += input.values()[i];
      }
    }
    return x;
  }

  /** A convolution with one group, or one group per channel if the weight has one input. */
  private Channels convolution(String name, int stride, Channels x) {
    List<Integer> shape = tensor(name + ".weight").shape();
    float[] weight = values(name + ".weight");
    int outs = shape.get(0);
    int ins = shape.get(1);
    int kernel = shape.get(2);
    int before = kernel / 2;
    int side = (x.side() + 2 * before - kernel) / stride + 1;
    if (conventions.padding() == Padding.SAME) {
      side = (x.side() + stride - 1) / stride;
      before = Math.max((side - 1) * stride + kernel - x.side(), 0) / 2;
    }
    double[] values = new double[outs * side * side];
    for (int out = 0; out < outs; out++) {
      for (int y = 0; y < side; y++) {
        for (int column = 0; column < side; column++) {
          double sum = 0;
          for (int in = 0; in < ins; in++) {
            int channel = ins == x.count() ? in : out;
            for (int ky = 0; ky < kernel; ky++) {
              for (int kx = 0; kx < kernel; kx++) {
                sum +=
                    weight[((out * ins + in) * kernel + ky) * kernel + kx]
                        * x.at(channel, y * stride - before + ky, column * stride - before + kx);
              }
            }
          }
          values[(out * side + y) * side + column] = sum;
        }
      }
    }
    return new Channels(outs, side, values);
  }

  private Channels biased(String name, Channels x) {
    Channels sums = convolution(name, 1, x);
    for (int c = 0; c < sums.count(); c++) {
      sums.values()[c] += values(name + ".bias")[c];
    }
    return sums;
  }

  private Channels norm(String name, Channels x) {
    int area = x.side() * x.side();
    for (int i = 0; i < x.values().length; i++) {
      int c = i / area;
      double deviation = Math.sqrt(values(name + ".running_var")[c] + conventions.bnEps());
      x.values()[i] =
          (x.values()[i] - values(name + ".running_mean")[c])
                  / deviation
                  * values(name + ".weight")[c]
              + values(name + ".bias")[c];
    }
    return x;
  }

  private static Channels swish(Channels x) {
    for (int i = 0; i < x.values().length; i++) {
      x.values()[i] *= sigmoid(x.values()[i]);
    }
    return x;
  }

  private static double[] means(Channels x) {
    int area = x.side() * x.side();
    double[] means = new double[x.count()];
    for (int c = 0; c < means.length; c++) {
      means[c] = Arrays.stream(x.values(), c * area, (c + 1) * area).average().orElseThrow();
    }
    return means;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private float[] values(String name) {
    return tensor(name).values();
  }

  private Tensor tensor(String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }
}
