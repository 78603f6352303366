package dev.phistream.bench;

/**
 * An engine as it was measured.
 *
 * @param engine its name
 * @param version of its native library
 * @param mode that it was started for
 * @param workers runners side by side
 * @param threadsPerRunner of the engine's own
 * @param cores that its process could use
 */
public record EngineFacts(
    String engine, String version, Mode mode, int workers, int threadsPerRunner, int cores) {}
