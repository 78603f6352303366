package dev.phistream.testkit;

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
 * The networks written down as plainly as can be, in float64: every sum by its definition, batch
 * normalisation not folded, padding laid out zero by zero. They are put together from the names of
 * the tensors and the papers' tables alone. What quick engines compute is compared with it.
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

  /** The logits of one image, 3×H×W, normalised. */
  public double[] logits(float[] image) {
    double[] pixels = IntStream.range(0, image.length).mapToDouble(i -> image[i]).toArray();
    Channels x = new Channels(3, network.resolution(), pixels);
    boolean mobile = has("conv_stem");
    x = activated(norm("bn1", convolution(mobile ? "conv_stem" : "conv1", 2, x)));
    if (!mobile) {
      x = maxPool(x);
    }
    List<Integer> strides = strides(mobile);
    for (int stage = 0; stage < strides.size(); stage++) {
      String prefix = mobile ? "blocks." + stage : "layer" + (stage + 1);
      for (int i = 0; has(prefix + "." + i + (mobile ? ".conv_dw" : ".conv1")); i++) {
        int stride = i == 0 ? strides.get(stage) : 1;
        String name = prefix + "." + i;
        x = mobile ? mobileBlock(name, stride, x) : bottleneck(name, stride, x);
      }
    }
    if (has("conv_head")) {
      x = activated(norm("bn2", convolution("conv_head", 1, x)));
    }
    return classified(mobile ? "classifier" : "fc", x);
  }

  private List<Integer> strides(boolean mobile) {
    if (!mobile) {
      return List.of(1, 2, 2, 2);
    }
    return isMobileNetV1() ? List.of(1, 2, 2, 2, 2) : List.of(1, 2, 2, 2, 1, 2, 1);
  }

  private boolean isMobileNetV1() {
    return has("conv_stem") && !has("conv_head");
  }

  private double[] classified(String name, Channels x) {
    double[] features = means(x);
    float[] weight = values(name + ".weight");
    double[] logits = new double[network.classes()];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = values(name + ".bias")[i];
      for (int c = 0; c < features.length; c++) {
        logits[i] += weight[i * features.length + c] * features[c];
      }
    }
    return logits;
  }

  private Channels mobileBlock(String name, int stride, Channels input) {
    Channels x = input;
    List<String> names = List.of("conv_dw", "bn1", "conv_pw", "bn2");
    if (has(name + ".conv_pwl")) {
      x = activated(norm(name + ".bn1", convolution(name + ".conv_pw", 1, x)));
      names = List.of("conv_dw", "bn2", "conv_pwl", "bn3");
    }
    x = convolution(name + "." + names.get(0), stride, x);
    x = activated(norm(name + "." + names.get(1), x));
    if (has(name + ".se.conv_reduce")) {
      x = squeezeExcite(name, x);
    }
    x = norm(name + "." + names.get(3), convolution(name + "." + names.get(2), 1, x));
    if (isMobileNetV1()) {
      return activated(x);
    }
    return stride == 1 && x.count() == input.count() ? sum(x, input) : x;
  }

  private Channels squeezeExcite(String name, Channels x) {
    Channels pooled = new Channels(x.count(), 1, means(x));
    Channels squeezed = activated(biased(name + ".se.conv_reduce", pooled));
    double[] gates = biased(name + ".se.conv_expand", squeezed).values();
    double[] gated = x.values().clone();
    for (int i = 0; i < gated.length; i++) {
      gated[i] *= sigmoid(gates[i / (x.side() * x.side())]);
    }
    return new Channels(x.count(), x.side(), gated);
  }

  private Channels bottleneck(String name, int stride, Channels input) {
    Channels x = activated(norm(name + ".bn1", convolution(name + ".conv1", 1, input)));
    x = activated(norm(name + ".bn2", convolution(name + ".conv2", stride, x)));
    x = norm(name + ".bn3", convolution(name + ".conv3", 1, x));
    Channels shortcut = input;
    if (has(name + ".downsample.0")) {
      shortcut = norm(name + ".downsample.1", convolution(name + ".downsample.0", stride, input));
    }
    return activated(sum(x, shortcut));
  }

  private static Channels sum(Channels x, Channels other) {
    for (int i = 0; i < x.values().length; i++) {
      x.values()[i] += other.values()[i];
    }
    return x;
  }

  /** 3×3 with stride 2. */
  private Channels maxPool(Channels x) {
    int side = (x.side() + 1) / 2;
    int before =
        conventions.padding() == Padding.SAME ? Math.max((side - 1) * 2 + 3 - x.side(), 0) / 2 : 1;
    double[] values = new double[x.count() * side * side];
    for (int i = 0; i < values.length; i++) {
      values[i] = Double.NEGATIVE_INFINITY;
      int top = i / side % side * 2 - before;
      int left = i % side * 2 - before;
      for (int y = Math.max(top, 0); y < Math.min(top + 3, x.side()); y++) {
        for (int column = Math.max(left, 0); column < Math.min(left + 3, x.side()); column++) {
          values[i] = Math.max(values[i], x.at(i / (side * side), y, column));
        }
      }
    }
    return new Channels(x.count(), side, values);
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

  private Channels activated(Channels x) {
    boolean swish = has("blocks.0.0.se.conv_reduce");
    double most = has("conv_stem") ? 6 : Double.POSITIVE_INFINITY;
    for (int i = 0; i < x.values().length; i++) {
      double value = x.values()[i];
      x.values()[i] = swish ? value * sigmoid(value) : Math.min(Math.max(value, 0), most);
    }
    return x;
  }

  private boolean has(String layer) {
    return tensors.containsKey(layer + ".weight");
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
