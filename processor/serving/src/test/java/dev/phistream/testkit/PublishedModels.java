package dev.phistream.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.phistream.model.CompoundScaling;
import dev.phistream.model.Safetensors;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;

/** A {@link FakeHub} with weight sets as they are published. */
public final class PublishedModels {
  /** φ of the tiny network. */
  public static final double PHI = -8;

  private PublishedModels() {}

  /** A tiny network's weights. */
  public static byte[] tinyWeights() {
    return Safetensors.write(
        TinyModels.tensors(TinyModels.network(CompoundScaling.EFFICIENT_NET.at(PHI)), 3),
        Safetensors.Precision.F32);
  }

  /** Its config.json, with the fields that timm writes. */
  public static byte[] config(String architecture, int size, int classes) {
    return """
    {
      "architecture": "%s",
      "num_classes": %d,
      "pretrained_cfg": {
        "tag": "test",
        "input_size": [3, %d, %d],
        "fixed_input_size": false,
        "interpolation": "bicubic",
        "crop_pct": 0.9,
        "crop_mode": "center",
        "mean": [0.5, 0.4, 0.3],
        "std": [0.2, 0.25, 0.3],
        "num_classes": %d,
        "classifier": "classifier"
      }
    }
    """
        .formatted(architecture, classes, size, size, classes)
        .getBytes(UTF_8);
  }

  /** Publishes a set; the weights are redirected, and the first answer names their digest. */
  public static void publish(FakeHub hub, String id, byte[] config, byte[] weights) {
    hub.on(path(id, "config.json"), FakeHub.file(config, "\"config\""))
        .on(
            path(id, "model.safetensors"),
            FakeHub.status(
                302,
                "Location",
                "/cdn/" + id,
                "X-Linked-Etag",
                '"' + DigestUtils.sha256Hex(weights) + '"'))
        .on("/cdn/" + id, FakeHub.file(weights, "\"weights\""));
  }

  /** Where a set's file is asked for, below the source {@code /timm}. */
  public static String path(String id, String file) {
    return "/timm/" + id + "/resolve/main/" + file;
  }

  /** The tiny network's classes. */
  public static List<String> classes() {
    return TinyModels.CLASSES;
  }
}
