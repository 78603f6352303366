package dev.phistream.client;

import dev.phistream.event.ImageEvent;
import dev.phistream.event.ImageReference;
import dev.phistream.schema.ImageEvents;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/**
 * Makes image events of image files. An event's id is the file's name, a running number and four
 * random bytes that are the same for all events of one instance, so that sending a file again makes
 * another event. Thread-safe.
 */
public final class FileEvents {
  private static final Map<String, String> MEDIA_TYPES =
      Map.of(
          "jpg", "image/jpeg",
          "jpeg", "image/jpeg",
          "png", "image/png",
          "gif", "image/gif",
          "bmp", "image/bmp",
          "tif", "image/tiff",
          "tiff", "image/tiff",
          "webp", "image/webp");

  private final String source;
  private final RequestOptions options;
  private final boolean byReference;
  private final String run;
  private final AtomicLong number = new AtomicLong();

  /**
   * Creates a maker.
   *
   * @param source who or what took the images
   * @param byReference whether events say where the image is instead of holding it
   */
  public FileEvents(String source, RequestOptions options, boolean byReference) {
    this.source = source;
    this.options = options;
    this.byReference = byReference;
    this.run = HexFormat.of().toHexDigits(RandomGenerator.getDefault().nextInt());
  }

  /**
   * Makes an event of a file; what is in the file does not matter, so that broken images can be
   * sent too.
   *
   * @throws IOException when it cannot be read or is empty; its message is for users
   */
  public ImageEvent event(Path file) throws IOException {
    try {
      String name = file.getFileName().toString();
      String id = "%s-%d-%s".formatted(name, number.incrementAndGet(), run);
      Instant taken = Files.getLastModifiedTime(file).toInstant().truncatedTo(ChronoUnit.MILLIS);
      ImageEvent.Builder event =
          byReference
              ? ImageEvents.builder(id, source, taken, reference(file))
              : ImageEvents.builder(id, source, taken, bytes(file));
      return event
          .setContentType(mediaType(name))
          .setTier(options.tier())
          .setVariant(options.variant())
          .setLatencyBudgetMs(options.budgetMillis())
          .setTopK(options.topK())
          .build();
    } catch (EmptyFileException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException("%s: not readable: %s; check its permissions".formatted(file, e), e);
    }
  }

  private static byte[] bytes(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    if (bytes.length == 0) {
      throw new EmptyFileException(file);
    }
    return bytes;
  }

  private static ImageReference reference(Path file) throws IOException {
    MessageDigest sha256 = DigestUtils.getSha256Digest();
    long size;
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha256)) {
      size = in.transferTo(OutputStream.nullOutputStream());
    }
    if (size == 0) {
      throw new EmptyFileException(file);
    }
    return new ImageReference(
        file.toRealPath().toUri().toString(), HexFormat.of().formatHex(sha256.digest()), size);
  }

  private static final class EmptyFileException extends IOException {
    EmptyFileException(Path file) {
      super(file + ": empty (expected: an image)");
    }
  }

  private static @Nullable String mediaType(String name) {
    return MEDIA_TYPES.get(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
  }
}
