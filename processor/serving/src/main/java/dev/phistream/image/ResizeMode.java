package dev.phistream.image;

/** What becomes of an image that is not square before the centre crop. */
public enum ResizeMode {
  /** The short edge is resized and the other follows; the crop cuts the ends of the long one. */
  SHORT_EDGE,
  /** Both edges are resized to the same length: the whole image is seen, distorted. */
  SQUASH
}
