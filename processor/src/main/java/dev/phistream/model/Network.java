package dev.phistream.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A scaled network: every layer with its size. Tensors carry the names that timm gives them.
 *
 * @param stem channels of the stem, {@code conv_stem} and {@code bn1}
 * @param blocks the MBConv blocks in order
 * @param head channels of the head, {@code conv_head} and {@code bn2}
 * @param classes outputs of {@code classifier}
 * @param resolution side of the input, in pixels
 */
public record Network(int stem, List<Block> blocks, int head, int classes, int resolution) {
  private static final int STEM_KERNEL = 3;
  private static final int STEM_STRIDE = 2;
  private static final int COLOURS = 3;

  /** Copies the list. */
  public Network {
    blocks = List.copyOf(blocks);
  }

  /** Output channels of the last block. */
  public int features() {
    return blocks.get(blocks.size() - 1).out();
  }

  /**
   * Every tensor with its shape, convolutions in O×I×H×W. Running means and variances are among
   * them; {@link #parameters()} does not count those.
   */
  public Map<String, List<Integer>> tensors() {
    Map<String, List<Integer>> tensors = new LinkedHashMap<>();
    convolution(tensors, "conv_stem", stem, COLOURS, STEM_KERNEL);
    norm(tensors, "bn1", stem);
    for (Block block : blocks) {
      if (block.expands()) {
        convolution(tensors, block.expandName(), block.expanded(), block.in(), 1);
        norm(tensors, block.expandNormName(), block.expanded());
      }
      convolution(tensors, block.depthwiseName(), block.expanded(), 1, block.kernel());
      norm(tensors, block.depthwiseNormName(), block.expanded());
      convolution(tensors, block.squeezeName(), block.squeezed(), block.expanded(), 1);
      tensors.put(block.squeezeName() + ".bias", List.of(block.squeezed()));
      convolution(tensors, block.exciteName(), block.expanded(), block.squeezed(), 1);
      tensors.put(block.exciteName() + ".bias", List.of(block.expanded()));
      convolution(tensors, block.projectName(), block.out(), block.expanded(), 1);
      norm(tensors, block.projectNormName(), block.out());
    }
    convolution(tensors, "conv_head", head, features(), 1);
    norm(tensors, "bn2", head);
    tensors.put("classifier.weight", List.of(classes, head));
    tensors.put("classifier.bias", List.of(classes));
    return tensors;
  }

  /** Trained parameters. */
  public long parameters() {
    return tensors().entrySet().stream()
        .filter(tensor -> !tensor.getKey().contains(".running_"))
        .mapToLong(
            tensor -> tensor.getValue().stream().mapToLong(i -> i).reduce(1, (a, b) -> a * b))
        .sum();
  }

  /** Multiply-adds of one image, what the paper calls FLOPs. */
  public long flops() {
    long side = half(resolution, STEM_STRIDE);
    long flops = side * side * stem * COLOURS * STEM_KERNEL * STEM_KERNEL;
    for (Block block : blocks) {
      if (block.expands()) {
        flops += side * side * block.in() * block.expanded();
      }
      side = half(side, block.stride());
      flops += side * side * block.expanded() * block.kernel() * block.kernel();
      flops += 2L * block.expanded() * block.squeezed();
      flops += side * side * block.expanded() * block.out();
    }
    flops += side * side * features() * head;
    return flops + (long) head * classes;
  }

  private static long half(long side, int stride) {
    return (side + stride - 1) / stride;
  }

  private static void convolution(
      Map<String, List<Integer>> tensors, String name, int out, int in, int kernel) {
    tensors.put(name + ".weight", List.of(out, in, kernel, kernel));
  }

  private static void norm(Map<String, List<Integer>> tensors, String name, int channels) {
    for (String part : List.of("weight", "bias", "running_mean", "running_var")) {
      tensors.put(name + "." + part, List.of(channels));
    }
  }
}
