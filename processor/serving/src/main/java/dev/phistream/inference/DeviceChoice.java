package dev.phistream.inference;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which devices the user wants: {@code auto} for all GPUs that the engine can use, else the CPU;
 * {@code cpu}; {@code gpu} for all GPUs; {@code gpu:N} for one, or several of these.
 */
public final class DeviceChoice {
  private static final String FORMS = "auto, cpu, gpu or gpu:N, such as gpu:0,gpu:1";
  private static final Pattern ONE_GPU = Pattern.compile("gpu:(\\d{1,3})");

  private enum Wish {
    AUTO,
    CPU,
    ALL_GPUS,
    SOME_GPUS
  }

  private final Wish wish;
  private final List<ComputeDevice> gpus;
  private final String text;

  private DeviceChoice(Wish wish, List<ComputeDevice> gpus, String text) {
    this.wish = wish;
    this.gpus = List.copyOf(gpus);
    this.text = text;
  }

  /**
   * Reads a choice.
   *
   * @param names one of the words, or names of GPUs
   * @throws IllegalArgumentException for anything else
   */
  public static DeviceChoice parse(List<String> names) {
    List<String> wanted = names.stream().map(String::strip).toList();
    String text = String.join(",", wanted);
    return switch (text) {
      case "auto" -> new DeviceChoice(Wish.AUTO, List.of(), text);
      case "cpu" -> new DeviceChoice(Wish.CPU, List.of(), text);
      case "gpu" -> new DeviceChoice(Wish.ALL_GPUS, List.of(), text);
      default -> new DeviceChoice(Wish.SOME_GPUS, gpus(wanted, text), text);
    };
  }

  private static List<ComputeDevice> gpus(List<String> names, String text) {
    Set<ComputeDevice> gpus = new LinkedHashSet<>();
    for (String name : names) {
      Matcher gpu = ONE_GPU.matcher(name);
      if (!gpu.matches() || !gpus.add(ComputeDevice.gpu(Integer.parseInt(gpu.group(1))))) {
        throw new IllegalArgumentException(
            "device: %s (expected: %s, each once)".formatted(text, FORMS));
      }
    }
    return List.copyOf(gpus);
  }

  /**
   * The devices to use, each once.
   *
   * @throws DeviceException when the engine cannot use a GPU that was asked for; it says why
   */
  public List<ComputeDevice> resolve(InferenceEngine engine) throws DeviceException {
    if (wish == Wish.CPU) { // without asking for GPUs, which takes time where there are some
      return List.of(ComputeDevice.CPU);
    }
    List<ComputeDevice> devices = engine.devices();
    List<ComputeDevice> usable =
        devices.stream().filter(device -> device.kind() == ComputeDevice.Kind.GPU).toList();
    if (usable.isEmpty() && wish == Wish.AUTO) {
      return List.of(ComputeDevice.CPU);
    }
    if (usable.isEmpty() || !usable.containsAll(gpus)) {
      throw new DeviceException(refusal(engine, devices));
    }
    return wish == Wish.SOME_GPUS ? gpus : usable;
  }

  private String refusal(InferenceEngine engine, List<ComputeDevice> devices) {
    List<String> names = new ArrayList<>(List.of("auto"));
    devices.forEach(device -> names.add(device.name()));
    List<String> obstacles = engine.gpuObstacles();
    return "device: %s (expected here with engine %s: %s)%s"
        .formatted(
            text,
            engine.name(),
            String.join(", ", names),
            obstacles.isEmpty() ? "" : "; " + String.join("; ", obstacles));
  }
}
