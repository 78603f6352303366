package dev.phistream.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.phistream.model.Architecture;
import dev.phistream.model.ModelException;
import dev.phistream.model.Scaling;
import dev.phistream.model.Variants;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says how large a network is and what it is made of. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Parameters, multiply-adds and stages of a network or model.")
final class ModelsShowCommand implements Callable<Integer> {
  private static final int IMAGENET_CLASSES = 1000;

  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "ID|DIR",
      description =
          "A published network, which needs no weights (b0 to b8, l2, lite0 to lite4, v2-b0 to v2-b3, v2-s, v2-m, v2-l, es, em, el, mobilenet_v1, mobilenet_v2, resnet50, resnet152; efficientnet is b0; timm's names are taken too), a model's id, or its directory (./b0 for one of such a name).")
  private String name = "";

  @Option(
      names = "--phi",
      paramLabel = "N",
      description = "Scale an unscaled network by this compound coefficient; negative is smaller.")
  private @Nullable Double phi;

  @Mixin private CompoundOptions compound = new CompoundOptions();

  @Option(names = "--classes", paramLabel = "N", description = "Outputs (default: 1000).")
  private @Nullable Integer classes;

  @Mixin private RepositoryOption models = new RepositoryOption();

  @Option(names = "--json", description = "One JSON object.")
  private boolean json;

  ModelsShowCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws ModelException, JsonProcessingException {
    NetworkReport report = report();
    if (json) {
      console
          .out()
          .println(
              JsonMapper.builder()
                  .enable(SerializationFeature.INDENT_OUTPUT)
                  .build()
                  .writeValueAsString(report));
    } else {
      report.print(console.out());
    }
    return 0;
  }

  private NetworkReport report() throws ModelException {
    int outputs = classes == null ? IMAGENET_CLASSES : classes;
    if (outputs < 1) {
      throw misuse("--classes: " + outputs + " (expected: >= 1)");
    }
    boolean base = name.equals(Architecture.EFFICIENT_NET.name());
    Optional<Variants.Variant> variant = Variants.find(base ? "b0" : name);
    if (variant.isPresent()) {
      return phi == null
          ? NetworkReport.ofVariant(variant.get(), outputs)
          : scaled(variant.get(), phi, outputs);
    }
    if (phi != null || classes != null) {
      throw misuse("--phi, --classes: " + name + " (expected: a published network)");
    }
    return NetworkReport.ofModel(models.locator().find(name).card());
  }

  private NetworkReport scaled(Variants.Variant variant, double coefficient, int outputs) {
    Scaling unscaled = variant.scaling();
    if (unscaled.width() != 1 || unscaled.depth() != 1) {
      throw misuse(
          "--phi: %s is scaled already (expected: b0, mobilenet_v1, mobilenet_v2, resnet50 or resnet152)"
              .formatted(name));
    }
    if (!(Math.abs(coefficient) <= 20)) {
      throw misuse("--phi: " + coefficient + " (expected: -20 to 20)");
    }
    try {
      Scaling scaling = compound.of(unscaled.resolution()).at(coefficient);
      return NetworkReport.ofScaled(variant, scaling, coefficient, outputs);
    } catch (IllegalArgumentException e) {
      throw misuse("--" + e.getMessage());
    }
  }

  private ParameterException misuse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
