package dev.phistream.model;

import java.util.ArrayList;
import java.util.List;

/**
 * A base network as a table: a 3×3 stem with stride 2, stages of MBConv blocks, a 1×1 head, global
 * average pooling and a linear classifier; swish everywhere.
 *
 * @param stem channels of the stem
 * @param stages the block table
 * @param head channels of the head
 */
public record Architecture(int stem, List<BlockSpec> stages, int head) {
  /** EfficientNet-B0 (table 1 of the paper). */
  public static final Architecture EFFICIENT_NET =
      parse(
          32,
          1280,
          "r1_k3_s1_e1_c16_se0.25",
          "r2_k3_s2_e6_c24_se0.25",
          "r2_k5_s2_e6_c40_se0.25",
          "r3_k3_s2_e6_c80_se0.25",
          "r3_k5_s1_e6_c112_se0.25",
          "r4_k5_s2_e6_c192_se0.25",
          "r1_k3_s1_e6_c320_se0.25");

  /** Copies the table. */
  public Architecture {
    stages = List.copyOf(stages);
  }

  private static Architecture parse(int stem, int head, String... stages) {
    return new Architecture(stem, List.of(stages).stream().map(BlockSpec::parse).toList(), head);
  }

  /** The network at a scaling, with a classifier for {@code classes}. */
  public Network scaled(Scaling scaling, int classes) {
    List<Block> blocks = new ArrayList<>();
    int in = scaling.channels(stem);
    for (int stage = 0; stage < stages.size(); stage++) {
      BlockSpec spec = stages.get(stage);
      int out = scaling.channels(spec.channels());
      for (int index = 0; index < scaling.repeats(spec.repeats()); index++) {
        blocks.add(
            new Block(
                "blocks." + stage + "." + index,
                spec.kernel(),
                index == 0 ? spec.stride() : 1,
                in,
                in * spec.expansion(),
                (int) (in * spec.squeeze()),
                out));
        in = out;
      }
    }
    return new Network(
        scaling.channels(stem), blocks, scaling.channels(head), classes, scaling.resolution());
  }
}
