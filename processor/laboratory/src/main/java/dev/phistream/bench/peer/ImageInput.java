package dev.phistream.bench.peer;

import java.io.IOException;

/** Makes network input of image files, in one thread. */
@FunctionalInterface
public interface ImageInput {
  /** Edge of the network's input, in pixels. */
  int SIZE = 224;

  /** Length to which the short edge is resized before the crop, in pixels. */
  int SHORT_EDGE = 256;

  /**
   * Decodes, resizes and crops a file.
   *
   * @return SIZE × SIZE pixels of three bytes, in any order
   * @throws IOException if the subject does not decode the file
   */
  byte[] of(byte[] file) throws IOException;
}
