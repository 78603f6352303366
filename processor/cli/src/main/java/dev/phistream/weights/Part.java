package dev.phistream.weights;

import dev.phistream.model.Layer;
import dev.phistream.model.Network;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A layer with weights, and what it is for: names of other programs follow from that.
 *
 * @param name prefix of its tensors here
 * @param norm prefix of the tensors of the batch normalisation after it, or null for none
 * @param role what it is for
 * @param stage its stage, from 0 on; −1 outside of stages
 * @param block its block within the stage
 * @param flat its block among all blocks
 * @param stages stages of the network
 * @param position its place in the block, from 0 on; squeeze and excite share one
 * @param fused whether its block has no convolution that works on each channel
 */
record Part(
    String name,
    @Nullable String norm,
    Role role,
    int stage,
    int block,
    int flat,
    int stages,
    int position,
    boolean fused) {
  /** What a layer is for. */
  enum Role {
    /** The first convolution. */
    STEM,
    /** Widens a block's input. */
    EXPAND,
    /** Works on each channel. */
    DEPTHWISE,
    /** Narrows the mean of the channels. */
    SQUEEZE,
    /** Makes gates of it. */
    EXCITE,
    /** Ends a block. */
    PROJECT,
    /** The 1×1 convolution after the blocks. */
    HEAD,
    /** The linear layer. */
    CLASSIFIER
  }

  private static final String BLOCKS = "blocks.";

  /**
   * The layers with weights of a network that is made of mobile blocks, in the order in which they
   * are computed; empty for other networks.
   */
  static List<Part> of(Network network) {
    List<Layer> layers =
        network.layers().stream()
            .filter(
                layer ->
                    layer.kind() instanceof Layer.Convolution
                        || layer.kind() instanceof Layer.Linear)
            .toList();
    Set<String> expanding = new HashSet<>();
    Set<String> depthwise = new HashSet<>();
    int stages = 0;
    for (Layer layer : layers) {
      if (layer.name().startsWith(BLOCKS)) {
        stages = Math.max(stages, number(layer.name(), 1) + 1);
        if (layer.name().endsWith(".conv_pwl")) {
          expanding.add(block(layer.name()));
        }
        if (layer.name().endsWith(".conv_dw")) {
          depthwise.add(block(layer.name()));
        }
      }
    }
    List<Part> parts = new ArrayList<>();
    String last = "";
    int flat = -1;
    int position = 0;
    for (Layer layer : layers) {
      String name = layer.name();
      String norm =
          layer.kind() instanceof Layer.Convolution convolution ? convolution.norm() : null;
      if (!name.startsWith(BLOCKS)) {
        Role role = outside(name);
        if (role == null) {
          return List.of();
        }
        parts.add(new Part(name, norm, role, -1, -1, -1, stages, 0, false));
        continue;
      }
      String block = block(name);
      Role role = within(name.substring(block.length() + 1), expanding.contains(block));
      if (!block.equals(last)) {
        flat++;
        position = 0;
        last = block;
      } else if (role != Role.EXCITE) {
        position++;
      }
      parts.add(
          new Part(
              name,
              norm,
              role,
              number(name, 1),
              number(name, 2),
              flat,
              stages,
              position,
              !depthwise.contains(block)));
    }
    return parts;
  }

  private static String block(String name) {
    return name.replaceFirst("^(blocks\\.\\d+\\.\\d+)\\..*", "$1");
  }

  private static @Nullable Role outside(String name) {
    return switch (name) {
      case "conv_stem" -> Role.STEM;
      case "conv_head" -> Role.HEAD;
      case "classifier" -> Role.CLASSIFIER;
      default -> null;
    };
  }

  private static Role within(String name, boolean expands) {
    return switch (name) {
      case "conv_exp" -> Role.EXPAND;
      case "conv_pw" -> expands ? Role.EXPAND : Role.PROJECT;
      case "conv_dw" -> Role.DEPTHWISE;
      case "se.conv_reduce" -> Role.SQUEEZE;
      case "se.conv_expand" -> Role.EXCITE;
      case "conv", "conv_pwl" -> Role.PROJECT;
      default -> throw new IllegalArgumentException(name + ": no such part of a block");
    };
  }

  private static int number(String name, int segment) {
    return Integer.parseInt(name.split("\\.", -1)[segment]);
  }
}
