package dev.phistream.bench;

import java.lang.management.ManagementFactory;

/**
 * The machine that figures were taken on.
 *
 * @param processor its name as the system gives it
 * @param cores that this program may use
 * @param memoryBytes of the machine; 0 where it is not known
 * @param system operating system and architecture
 * @param java the virtual machine
 */
public record MachineFacts(
    String processor, int cores, long memoryBytes, String system, String java) {
  /** This one. */
  public static MachineFacts here() {
    return new MachineFacts(
        Machine.processor(),
        Runtime.getRuntime().availableProcessors(),
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system
            ? system.getTotalMemorySize()
            : 0,
        "%s %s %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")),
        System.getProperty("java.vm.name") + " " + Runtime.version());
  }
}
