package dev.phistream.model;

import java.util.List;

/**
 * A base network as a table: a stem, stages of blocks, perhaps a 1×1 head, global average pooling
 * and a linear classifier. Every width, repeat and the input's side scale.
 *
 * @param name in model cards and on the command line
 * @param stem what the image meets first
 * @param stages the block table
 * @param head channels of the convolution after the last stage; 0 for none
 * @param activation of all layers that have one
 * @param naming of stem, stages and classifier
 */
public record Architecture(
    String name,
    Stem stem,
    List<BlockSpec> stages,
    int head,
    Activation activation,
    Naming naming) {
  private static final Stem MOBILE_STEM = new Stem(3, 32, false);
  private static final Stem RESNET_STEM = new Stem(7, 64, true);
  private static final int COLOURS = 3;

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
          1280,
          Activation.SWISH,
          Naming.MOBILE);

  /** MobileNetV1 (Howard et al., arXiv 1704.04861, table 1). */
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
          0,
          Activation.RELU,
          Naming.MOBILE);

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
          1280,
          Activation.RELU6,
          Naming.MOBILE);

  /** ResNet-50 with the stride in the 3×3 convolution, as timm and torchvision have it. */
  public static final Architecture RESNET_50 = resnet("resnet50", 3, 4, 6, 3);

  /** ResNet-152 (He et al., arXiv 1512.03385, table 1), with the stride where ResNet-50 has it. */
  public static final Architecture RESNET_152 = resnet("resnet152", 3, 8, 36, 3);

  /** All of them. */
  public static final List<Architecture> ALL =
      List.of(EFFICIENT_NET, MOBILENET_V1, MOBILENET_V2, RESNET_50, RESNET_152);

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
      int repeats = scaling.repeats(spec.repeats());
      for (int index = 0; index < repeats; index++) {
        int channels = scaling.channels(spec.channels());
        int stride = index == 0 ? spec.stride() : 1;
        Block block = new Block(name + "." + index, spec, channels, stride, activation);
        x = block.addTo(layers, x);
      }
      layers.endStage(name, spec.blocks(), repeats);
    }
    if (head > 0) {
      x = layers.convolution("conv_head", "bn2", scaling.channels(head), 1, 1, x);
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
    int channels = scaling.channels(stem.channels());
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
        0,
        Activation.RELU,
        Naming.RESNET);
  }

  private static List<BlockSpec> table(String... stages) {
    return List.of(stages).stream().map(BlockSpec::parse).toList();
  }
}
