package dev.phistream.model;

import java.util.List;

/**
 * A base network as a table: a stem, stages of blocks, perhaps a 1×1 head, global average pooling
 * and a linear classifier. Widths, repeats and the input's side scale, except where the table fixes
 * them.
 *
 * @param name in model cards and on the command line
 * @param stem what the image meets first
 * @param stages the block table
 * @param head the 1×1 convolution after the last stage
 * @param activation of all layers that have one
 * @param naming of stem, stages and classifier
 * @param rules what scaling leaves alone, and how it rounds
 */
public record Architecture(
    String name,
    Stem stem,
    List<BlockSpec> stages,
    Head head,
    Activation activation,
    Naming naming,
    Rules rules) {
  private static final Stem MOBILE_STEM = new Stem(3, 32, false);
  private static final Stem RESNET_STEM = new Stem(7, 64, true);
  private static final Head HEAD = new Head(1280, Width.SCALED);
  private static final Head NO_HEAD = new Head(0, Width.FIXED);
  private static final int COLOURS = 3;
  private static final double USUAL_LEAST = 0.9;

  /** EfficientNet-B0 (table 1 of its paper). */
  public static final Architecture EFFICIENT_NET =
      new Architecture(
          "efficientnet",
          MOBILE_STEM,
          table(
              "ds_r1_k3_s1_c16_se0.25",
              "ir_r2_k3_s2_e6_c24_se0.25",
              "ir_r2_k5_s2_e6_c40_se0.25",
              "ir_r3_k3_s2_e6_c80_se0.25",
              "ir_r3_k5_s1_e6_c112_se0.25",
              "ir_r4_k5_s2_e6_c192_se0.25",
              "ir_r1_k3_s1_e6_c320_se0.25"),
          HEAD,
          Activation.SWISH,
          Naming.MOBILE,
          Rules.USUAL);

  /**
   * EfficientNet-Lite0: without squeeze-excite, for accelerators that lack it (tensorflow/tpu,
   * models/official/efficientnet/lite). Stem, head and the repeats of both ends are fixed.
   */
  public static final Architecture EFFICIENT_NET_LITE =
      new Architecture(
          "efficientnet_lite",
          MOBILE_STEM,
          table(
              "ds_r1_k3_s1_c16",
              "ir_r2_k3_s2_e6_c24",
              "ir_r2_k5_s2_e6_c40",
              "ir_r3_k3_s2_e6_c80",
              "ir_r3_k5_s1_e6_c112",
              "ir_r4_k5_s2_e6_c192",
              "ir_r1_k3_s1_e6_c320"),
          new Head(1280, Width.FIXED),
          Activation.RELU6,
          Naming.MOBILE,
          new Rules(Width.FIXED, true, USUAL_LEAST));

  /** EfficientNet-EdgeTPU-S (tensorflow/tpu, models/official/efficientnet/edgetpu). */
  public static final Architecture EFFICIENT_NET_EDGE =
      new Architecture(
          "efficientnet_edge",
          MOBILE_STEM,
          table(
              "er_r1_k3_s1_e4_c24_fc24_noskip",
              "er_r2_k3_s2_e8_c32",
              "er_r4_k3_s2_e8_c48",
              "ir_r5_k5_s2_e8_c96",
              "ir_r4_k5_s1_e8_c144",
              "ir_r2_k5_s2_e8_c192"),
          HEAD,
          Activation.RELU,
          Naming.MOBILE,
          Rules.USUAL);

  /** EfficientNetV2-B0 (google/automl, efficientnetv2): widths round to the nearest multiple. */
  public static final Architecture EFFICIENT_NET_V2 =
      new Architecture(
          "efficientnetv2",
          MOBILE_STEM,
          table(
              "cn_r1_k3_s1_c16_skip",
              "er_r2_k3_s2_e4_c32",
              "er_r2_k3_s2_e4_c48",
              "ir_r3_k3_s2_e4_c96_se0.25",
              "ir_r5_k3_s1_e6_c112_se0.25",
              "ir_r8_k3_s2_e6_c192_se0.25"),
          HEAD,
          Activation.SWISH,
          Naming.MOBILE,
          new Rules(Width.SCALED, false, 0));

  /** EfficientNetV2-S (Tan and Le, arXiv 2104.00298, table 4). */
  public static final Architecture EFFICIENT_NET_V2_S =
      efficientNetV2(
          "efficientnetv2_s",
          24,
          "cn_r2_k3_s1_c24_skip",
          "er_r4_k3_s2_e4_c48",
          "er_r4_k3_s2_e4_c64",
          "ir_r6_k3_s2_e4_c128_se0.25",
          "ir_r9_k3_s1_e6_c160_se0.25",
          "ir_r15_k3_s2_e6_c256_se0.25");

  /** EfficientNetV2-M. */
  public static final Architecture EFFICIENT_NET_V2_M =
      efficientNetV2(
          "efficientnetv2_m",
          24,
          "cn_r3_k3_s1_c24_skip",
          "er_r5_k3_s2_e4_c48",
          "er_r5_k3_s2_e4_c80",
          "ir_r7_k3_s2_e4_c160_se0.25",
          "ir_r14_k3_s1_e6_c176_se0.25",
          "ir_r18_k3_s2_e6_c304_se0.25",
          "ir_r5_k3_s1_e6_c512_se0.25");

  /** EfficientNetV2-L. */
  public static final Architecture EFFICIENT_NET_V2_L =
      efficientNetV2(
          "efficientnetv2_l",
          32,
          "cn_r4_k3_s1_c32_skip",
          "er_r7_k3_s2_e4_c64",
          "er_r7_k3_s2_e4_c96",
          "ir_r10_k3_s2_e4_c192_se0.25",
          "ir_r19_k3_s1_e6_c224_se0.25",
          "ir_r25_k3_s2_e6_c384_se0.25",
          "ir_r7_k3_s1_e6_c640_se0.25");

  /**
   * MobileNetV1 (Howard et al., arXiv 1704.04861, table 1). The paper says ReLU; the published
   * weights, TensorFlow's and timm's, are trained with ReLU6.
   */
  public static final Architecture MOBILENET_V1 =
      new Architecture(
          "mobilenet_v1",
          MOBILE_STEM,
          table(
              "dsa_r1_k3_s1_c64",
              "dsa_r2_k3_s2_c128",
              "dsa_r2_k3_s2_c256",
              "dsa_r6_k3_s2_c512",
              "dsa_r2_k3_s2_c1024"),
          NO_HEAD,
          Activation.RELU6,
          Naming.MOBILE,
          Rules.USUAL);

  /** MobileNetV2 (Sandler et al., arXiv 1801.04381, table 2). */
  public static final Architecture MOBILENET_V2 =
      new Architecture(
          "mobilenet_v2",
          MOBILE_STEM,
          table(
              "ds_r1_k3_s1_c16",
              "ir_r2_k3_s2_e6_c24",
              "ir_r3_k3_s2_e6_c32",
              "ir_r4_k3_s2_e6_c64",
              "ir_r3_k3_s1_e6_c96",
              "ir_r3_k3_s2_e6_c160",
              "ir_r1_k3_s1_e6_c320"),
          new Head(1280, Width.NEVER_NARROWER),
          Activation.RELU6,
          Naming.MOBILE,
          Rules.USUAL);

  /** ResNet-50 with the stride in the 3×3 convolution, as timm and torchvision have it. */
  public static final Architecture RESNET_50 = resnet("resnet50", 3, 4, 6, 3);

  /** ResNet-152 (He et al., arXiv 1512.03385, table 1), with the stride where ResNet-50 has it. */
  public static final Architecture RESNET_152 = resnet("resnet152", 3, 8, 36, 3);

  /** All of them. */
  public static final List<Architecture> ALL =
      List.of(
          EFFICIENT_NET,
          EFFICIENT_NET_LITE,
          EFFICIENT_NET_EDGE,
          EFFICIENT_NET_V2,
          EFFICIENT_NET_V2_S,
          EFFICIENT_NET_V2_M,
          EFFICIENT_NET_V2_L,
          MOBILENET_V1,
          MOBILENET_V2,
          RESNET_50,
          RESNET_152);

  /** Copies the table. */
  public Architecture {
    stages = List.copyOf(stages);
  }

  /**
   * What the image meets first: a convolution with stride 2.
   *
   * @param kernel its side
   * @param channels of its output
   * @param pooled whether a 3×3 max pool with stride 2 follows
   */
  public record Stem(int kernel, int channels, boolean pooled) {}

  /**
   * The 1×1 convolution after the last stage.
   *
   * @param channels of its output; 0 for no head
   * @param width how they scale
   */
  public record Head(int channels, Width width) {}

  /** How the channels of a stem or head scale. */
  public enum Width {
    /** As all others. */
    SCALED,
    /** Not at all. */
    FIXED,
    /** As all others, but never to fewer than the table has. */
    NEVER_NARROWER
  }

  /**
   * What scaling leaves alone, and how it rounds.
   *
   * @param stem how the stem's channels scale
   * @param fixedEnds whether the first and the last stage keep their repeats
   * @param leastShare share of the exact channels below which rounding goes up to the next
   *     multiple; 0 never does
   */
  public record Rules(Width stem, boolean fixedEnds, double leastShare) {
    /** Everything scales; rounded channels keep at least nine tenths. */
    public static final Rules USUAL = new Rules(Width.SCALED, false, USUAL_LEAST);

    int channels(Scaling scaling, int base, Width width) {
      int scaled = scaling.channels(base, leastShare);
      return switch (width) {
        case SCALED -> scaled;
        case FIXED -> base;
        case NEVER_NARROWER -> Math.max(base, scaled);
      };
    }
  }

  /** How timm names tensors. */
  public enum Naming {
    /** {@code conv_stem}, {@code blocks.0}, {@code classifier}. */
    MOBILE("conv_stem", "blocks.", 0, "classifier"),
    /** {@code conv1}, {@code layer1}, {@code fc}. */
    RESNET("conv1", "layer", 1, "fc");

    private final String stem;
    private final String stages;
    private final int first;
    private final String classifier;

    Naming(String stem, String stages, int first, String classifier) {
      this.stem = stem;
      this.stages = stages;
      this.first = first;
      this.classifier = classifier;
    }
  }

  /**
   * The one of a name.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static Architecture named(String name) {
    return ALL.stream()
        .filter(architecture -> architecture.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "architecture: %s (expected: one of %s)"
                        .formatted(
                            name,
                            String.join(", ", ALL.stream().map(Architecture::name).toList()))));
  }

  /** The network at a scaling, with a classifier for {@code classes}. */
  public Network scaled(Scaling scaling, int classes) {
    Layers layers = new Layers();
    Layer x = addStem(layers, scaling);
    for (int stage = 0; stage < stages.size(); stage++) {
      BlockSpec spec = stages.get(stage);
      String name = naming.stages + (naming.first + stage);
      boolean end = stage == 0 || stage == stages.size() - 1;
      int repeats = rules.fixedEnds() && end ? spec.repeats() : scaling.repeats(spec.repeats());
      int channels = rules.channels(scaling, spec.channels(), Width.SCALED);
      int expandedFrom =
          spec.expandedFrom() == 0 ? 0 : rules.channels(scaling, spec.expandedFrom(), Width.SCALED);
      for (int index = 0; index < repeats; index++) {
        int stride = index == 0 ? spec.stride() : 1;
        Block block =
            new Block(name + "." + index, spec, channels, expandedFrom, stride, activation);
        x = block.addTo(layers, x);
      }
      layers.endStage(name, spec.blocks(), repeats);
    }
    if (head.channels() > 0) {
      int channels = rules.channels(scaling, head.channels(), head.width());
      x = layers.convolution("conv_head", "bn2", channels, 1, 1, x);
      x = layers.activation("head", activation, x);
      layers.endStage("head", "conv_k1", 1);
    }
    x = layers.globalPool("pool", x);
    layers.linear(naming.classifier, classes, x);
    layers.endStage(naming.classifier, "linear", 1);
    return new Network(layers.stages(), classes, scaling.resolution());
  }

  private Layer addStem(Layers layers, Scaling scaling) {
    Layer x = layers.input(COLOURS, scaling.resolution());
    int channels = rules.channels(scaling, stem.channels(), rules.stem());
    x = layers.convolution(naming.stem, "bn1", channels, stem.kernel(), 2, x);
    x = layers.activation("stem", activation, x);
    if (stem.pooled()) {
      x = layers.maxPool("stem.pool", 3, 2, x);
    }
    layers.endStage(
        "stem", "conv_k%d_s2%s".formatted(stem.kernel(), stem.pooled() ? ", pool_k3_s2" : ""), 1);
    return x;
  }

  private static Architecture resnet(String name, int... repeats) {
    return new Architecture(
        name,
        RESNET_STEM,
        table(
            "bt_r%d_k3_s1_e4_c64".formatted(repeats[0]),
            "bt_r%d_k3_s2_e4_c128".formatted(repeats[1]),
            "bt_r%d_k3_s2_e4_c256".formatted(repeats[2]),
            "bt_r%d_k3_s2_e4_c512".formatted(repeats[3])),
        NO_HEAD,
        Activation.RELU,
        Naming.RESNET,
        Rules.USUAL);
  }

  private static Architecture efficientNetV2(String name, int stem, String... stages) {
    return new Architecture(
        name,
        new Stem(3, stem, false),
        table(stages),
        HEAD,
        Activation.SWISH,
        Naming.MOBILE,
        Rules.USUAL);
  }

  private static List<BlockSpec> table(String... stages) {
    return List.of(stages).stream().map(BlockSpec::parse).toList();
  }
}
