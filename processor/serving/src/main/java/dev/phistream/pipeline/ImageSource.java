package dev.phistream.pipeline;

/** Where the encoded image of a request comes from. */
public sealed interface ImageSource {
  /**
   * An image that travels inside its event.
   *
   * @param bytes the encoded image; not copied, so it must not change
   */
  record Inline(byte[] bytes) implements ImageSource {}

  /**
   * An image that lies elsewhere.
   *
   * @param uri where it lies
   * @param sha256 digest of its bytes, hexadecimal
   * @param size its size in bytes
   */
  record Reference(String uri, String sha256, long size) implements ImageSource {}
}
