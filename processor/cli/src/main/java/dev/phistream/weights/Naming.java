package dev.phistream.weights;

import java.util.Locale;

/** How other programs name the tensors of the networks that we know. */
enum Naming {
  /** torchvision's EfficientNets: the module's place in its sequence. */
  TORCHVISION("torchvision", false) {
    @Override
    String convolution(Part part) {
      return switch (part.role()) {
        case STEM -> "features.0.0";
        case HEAD -> "features.%d.0".formatted(part.stages() + 1);
        case CLASSIFIER -> "classifier.1";
        case SQUEEZE -> block(part) + ".fc1";
        case EXCITE -> block(part) + ".fc2";
        case EXPAND, DEPTHWISE, PROJECT -> block(part) + ".0";
      };
    }

    @Override
    String norm(Part part) {
      return convolution(part).replaceFirst("\\.0$", ".1");
    }

    private String block(Part part) {
      return "features.%d.%d.block.%d".formatted(part.stage() + 1, part.block(), part.position());
    }
  },

  /** torchvision's MobileNetV2. */
  TORCHVISION_MOBILE("torchvision", false) {
    @Override
    String convolution(Part part) {
      return switch (part.role()) {
        case STEM -> "features.0.0";
        case HEAD -> "features.18.0";
        case CLASSIFIER -> "classifier.1";
        case PROJECT -> "%s.%d".formatted(block(part), part.position());
        default -> "%s.%d.0".formatted(block(part), part.position());
      };
    }

    @Override
    String norm(Part part) {
      return part.role() == Part.Role.PROJECT
          ? "%s.%d".formatted(block(part), part.position() + 1)
          : convolution(part).replaceFirst("\\.0$", ".1");
    }

    private String block(Part part) {
      return "features.%d.conv".formatted(part.flat() + 1);
    }
  },

  /** transformers' EfficientNetForImageClassification. */
  TRANSFORMERS("transformers", false) {
    @Override
    String convolution(Part part) {
      return switch (part.role()) {
        case STEM -> "efficientnet.embeddings.convolution";
        case EXPAND -> block(part) + "expansion.expand_conv";
        case DEPTHWISE -> block(part) + "depthwise_conv.depthwise_conv";
        case SQUEEZE -> block(part) + "squeeze_excite.reduce";
        case EXCITE -> block(part) + "squeeze_excite.expand";
        case PROJECT -> block(part) + "projection.project_conv";
        case HEAD -> "efficientnet.encoder.top_conv";
        case CLASSIFIER -> "classifier";
      };
    }

    @Override
    String norm(Part part) {
      return switch (part.role()) {
        case STEM -> "efficientnet.embeddings.batchnorm";
        case EXPAND -> block(part) + "expansion.expand_bn";
        case DEPTHWISE -> block(part) + "depthwise_conv.depthwise_norm";
        case PROJECT -> block(part) + "projection.project_bn";
        default -> "efficientnet.encoder.top_bn";
      };
    }

    private String block(Part part) {
      return "efficientnet.encoder.blocks.%d.".formatted(part.flat());
    }
  },

  /** lukemelas' EfficientNet-PyTorch. */
  LUKEMELAS("EfficientNet-PyTorch", false) {
    @Override
    String convolution(Part part) {
      return switch (part.role()) {
        case STEM -> "_conv_stem";
        case EXPAND -> block(part) + "_expand_conv";
        case DEPTHWISE -> block(part) + "_depthwise_conv";
        case SQUEEZE -> block(part) + "_se_reduce";
        case EXCITE -> block(part) + "_se_expand";
        case PROJECT -> block(part) + "_project_conv";
        case HEAD -> "_conv_head";
        case CLASSIFIER -> "_fc";
      };
    }

    @Override
    String norm(Part part) {
      return switch (part.role()) {
        case STEM -> "_bn0";
        case EXPAND -> block(part) + "_bn0";
        case DEPTHWISE -> block(part) + "_bn1";
        case PROJECT -> block(part) + "_bn2";
        default -> "_bn1";
      };
    }

    private String block(Part part) {
      return "_blocks.%d.".formatted(part.flat());
    }
  },

  /** keras.applications' EfficientNets. */
  KERAS("Keras", true) {
    @Override
    String convolution(Part part) {
      return keras(part, "dwconv");
    }

    @Override
    String norm(Part part) {
      return kerasNorm(part);
    }
  },

  /** keras.applications' EfficientNetV2s. */
  KERAS_V2("Keras", true) {
    @Override
    String convolution(Part part) {
      return keras(part, "dwconv2");
    }

    @Override
    String norm(Part part) {
      return kerasNorm(part);
    }
  },

  /** keras.applications' MobileNet. */
  KERAS_MOBILE_V1("Keras", true) {
    @Override
    String convolution(Part part) {
      return switch (part.role()) {
        case STEM -> "conv1";
        case DEPTHWISE -> "conv_dw_%d".formatted(part.flat() + 1);
        case PROJECT -> "conv_pw_%d".formatted(part.flat() + 1);
        default -> "conv_preds";
      };
    }

    @Override
    String norm(Part part) {
      return convolution(part) + "_bn";
    }
  },

  /** keras.applications' MobileNetV2. */
  KERAS_MOBILE_V2("Keras", true) {
    @Override
    String convolution(Part part) {
      return switch (part.role()) {
        case STEM -> "Conv1";
        case EXPAND -> block(part) + "expand";
        case DEPTHWISE -> block(part) + "depthwise";
        case PROJECT -> block(part) + "project";
        case HEAD -> "Conv_1";
        default -> "predictions";
      };
    }

    @Override
    String norm(Part part) {
      return switch (part.role()) {
        case STEM -> "bn_Conv1";
        default -> convolution(part) + (part.role() == Part.Role.HEAD ? "_bn" : "_BN");
      };
    }

    private String block(Part part) {
      return part.flat() == 0 ? "expanded_conv_" : "block_%d_".formatted(part.flat());
    }
  };

  private final String label;
  private final boolean keras;

  Naming(String label, boolean keras) {
    this.label = label;
    this.keras = keras;
  }

  /** Prefix of the tensors of a convolution or linear layer. */
  abstract String convolution(Part part);

  /** Prefix of the tensors of the batch normalisation after a convolution. */
  abstract String norm(Part part);

  /** What people call it. */
  String label() {
    return label;
  }

  /** Whether tensors are called kernel and gamma, with channels last. */
  boolean isKeras() {
    return keras;
  }

  private static String keras(Part part, String depthwise) {
    return switch (part.role()) {
      case STEM -> "stem_conv";
      case EXPAND -> kerasBlock(part) + "expand_conv";
      case DEPTHWISE -> kerasBlock(part) + depthwise;
      case SQUEEZE -> kerasBlock(part) + "se_reduce";
      case EXCITE -> kerasBlock(part) + "se_expand";
      case PROJECT -> kerasBlock(part) + "project_conv";
      case HEAD -> "top_conv";
      case CLASSIFIER -> "predictions";
    };
  }

  private static String kerasNorm(Part part) {
    return switch (part.role()) {
      case STEM -> "stem_bn";
      case EXPAND -> kerasBlock(part) + "expand_bn";
      case DEPTHWISE -> kerasBlock(part) + "bn";
      case PROJECT -> kerasBlock(part) + "project_bn";
      default -> "top_bn";
    };
  }

  /** {@code block2a_}: the stage from 1 on, and a letter, or what comes after z in ASCII. */
  private static String kerasBlock(Part part) {
    return String.format(Locale.ROOT, "block%d%c_", part.stage() + 1, (char) ('a' + part.block()));
  }
}
