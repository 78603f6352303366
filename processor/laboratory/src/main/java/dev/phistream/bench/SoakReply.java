package dev.phistream.bench;

/**
 * What a soaking process says, a line per sample.
 *
 * @param engineVersion of the native library
 * @param images run so far
 * @param sample of its memory
 */
record SoakReply(String engineVersion, long images, MemorySample sample) {}
