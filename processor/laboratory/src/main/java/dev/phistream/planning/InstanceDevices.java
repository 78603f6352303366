package dev.phistream.planning;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an instance computes on.
 *
 * @param kind cores of its own processor, or GPUs
 * @param count workers on the cores, or GPUs; 0 for a worker per core
 */
public record InstanceDevices(Kind kind, int count) {
  /** Kinds of devices. */
  public enum Kind {
    /** Workers that share the cores with the decoders. */
    CPU,
    /** GPUs with a worker each. */
    GPU
  }

  private static final Pattern TEXT = Pattern.compile("(cpu|gpu)(?::(\\d+))?|(\\d+)");
  private static final int MOST = 1024;

  /** Checks the count. */
  public InstanceDevices {
    if (count < 0 || count > MOST) {
      throw new IllegalArgumentException("devices: %d (expected: 1 to %d)".formatted(count, MOST));
    }
  }

  /**
   * Reads {@code cpu}, {@code cpu:2} or {@code 2} for two workers on the cores, {@code gpu} or
   * {@code gpu:4} for four GPUs.
   *
   * @throws IllegalArgumentException for other texts
   */
  public static InstanceDevices parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      throw wrong(text);
    }
    String number = matcher.group(3) == null ? matcher.group(2) : matcher.group(3);
    Kind kind = "gpu".equals(matcher.group(1)) ? Kind.GPU : Kind.CPU;
    if (number == null) {
      return new InstanceDevices(kind, kind == Kind.GPU ? 1 : 0);
    }
    if (number.length() > 4 || Integer.parseInt(number) < 1 || Integer.parseInt(number) > MOST) {
      throw wrong(text);
    }
    return new InstanceDevices(kind, Integer.parseInt(number));
  }

  /** Workers on a machine with so many cores. */
  public int workers(int cores) {
    return count == 0 ? cores : count;
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "devices: %s (expected: of one instance: cpu for a worker per core, cpu:2 or 2 for two workers on the CPU, gpu for one GPU, gpu:4 for four)"
            .formatted(text));
  }
}
