/**
 * Encoded images to network input: decoding with limits, EXIF orientation, resizing and cropping.
 * It knows nothing of models, engines or Kafka.
 */
@NullMarked
package dev.phistream.image;

import org.jspecify.annotations.NullMarked;
