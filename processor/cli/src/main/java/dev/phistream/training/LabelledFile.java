package dev.phistream.training;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * An image with its class, as the user gave it.
 *
 * @param name how messages and the report call it: a path, or a place on a topic
 * @param label name of its class
 * @param split what the user says that it is for, or null for no word on it
 * @param content reads the encoded image
 */
public record LabelledFile(String name, String label, @Nullable Split split, Content content) {
  /** Reads the bytes of an image. Any thread may call it, more than once. */
  @FunctionalInterface
  public interface Content {
    /** Returns the encoded image. */
    byte[] read() throws IOException;
  }
}
