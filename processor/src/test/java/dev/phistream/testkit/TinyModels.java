package dev.phistream.testkit;

import dev.phistream.image.Preprocessing;
import dev.phistream.model.Architecture;
import dev.phistream.model.CompoundScaling;
import dev.phistream.model.ModelCard;
import dev.phistream.model.ModelDirectory;
import dev.phistream.model.Network;
import dev.phistream.model.Padding;
import dev.phistream.model.Safetensors;
import dev.phistream.model.Scaling;
import dev.phistream.model.Tensor;
import dev.phistream.model.WeightConventions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Small networks with seeded random weights: they know nothing, but they run and are quick. */
public final class TinyModels {
  /** Their classes. */
  public static final List<String> CLASSES = List.of("ant", "bee", "cat");

  private TinyModels() {}

  /** Writes one as a model directory, which is named by its variant. */
  public static ModelCard write(Path repository, String variant, double phi) throws IOException {
    Scaling scaling = CompoundScaling.EFFICIENT_NET.at(phi);
    Network network = Architecture.EFFICIENT_NET.scaled(scaling, CLASSES.size());
    Random random = new Random(7);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    network
        .tensors()
        .forEach(
            (name, shape) -> {
              float[] values = new float[(int) Tensor.elements(shape)];
              boolean positive = name.endsWith("running_var");
              for (int i = 0; i < values.length; i++) {
                float value = (float) (0.3 * random.nextGaussian());
                values[i] = positive ? 1 + Math.abs(value) : value;
              }
              tensors.put(name, new Tensor(shape, values));
            });
    return ModelDirectory.write(
        repository.resolve(variant),
        new ModelCard(
            variant,
            variant,
            scaling,
            CLASSES.size(),
            new WeightConventions(Padding.SYMMETRIC, 1e-3),
            Preprocessing.imagenet(scaling.resolution(), 1.0),
            "",
            null),
        CLASSES,
        tensors,
        Safetensors.Precision.F32);
  }
}
