package dev.phistream.image;

import java.io.EOFException;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * An encoded image as a stream for image readers. It neither copies nor caches, and remembers
 * whether a reader wanted more than there is: some readers fill up with grey instead of failing.
 */
final class EncodedInput extends ImageInputStreamImpl {
  private final byte[] bytes;
  private boolean exhausted;

  EncodedInput(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Whether a read has met the end of the bytes. */
  boolean exhausted() {
    return exhausted;
  }

  /**
   * Says why a reader failed that had met the end of the bytes. Readers have many words for it,
   * such as a damaged Huffman table.
   *
   * @throws EOFException if it had
   */
  void checkExhausted(Exception failure) throws EOFException {
    if (exhausted) {
      EOFException end = new EOFException("it ends before its image does");
      end.initCause(failure);
      throw end;
    }
  }

  @Override
  public long length() {
    return bytes.length;
  }

  @Override
  public int read() {
    bitOffset = 0;
    if (streamPos >= bytes.length) {
      exhausted = true;
      return -1;
    }
    return bytes[(int) streamPos++] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) {
    bitOffset = 0;
    if (length == 0) {
      return 0;
    }
    if (streamPos >= bytes.length) {
      exhausted = true;
      return -1;
    }
    int count = (int) Math.min(length, bytes.length - streamPos);
    System.arraycopy(bytes, (int) streamPos, buffer, offset, count);
    streamPos += count;
    return count;
  }

  /**
   * Does nothing, for there is nothing to close. The superclass's would have the collector keep
   * every image's bytes until its finalizer has run: a second of events was copied at each
   * collection. The JVM registers no finalizer for an empty one.
   */
  @Override
  @SuppressWarnings({"deprecation", "removal", "Finalize"})
  protected void finalize() {}
}
