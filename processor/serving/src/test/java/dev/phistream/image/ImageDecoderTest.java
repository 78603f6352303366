package dev.phistream.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.management.ThreadMXBean;
import dev.phistream.image.ImageException.Code;
import dev.phistream.testkit.EncodedImages;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {
  private static final ImageDecoder DECODER = new ImageDecoder(DecodeLimits.DEFAULT);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What mutations begin with: one file of each way of coding that the JDK can write. */
  private static final List<byte[]> WHOLE_FILES =
      List.of(
          EncodedImages.jpeg(33, 21, 1),
          EncodedImages.progressiveJpeg(EncodedImages.scene(33, 21, 2)),
          EncodedImages.encoded(EncodedImages.grayScene(33, 21, 3), "jpeg"),
          EncodedImages.png(33, 21, 4),
          EncodedImages.encoded(EncodedImages.grayScene(33, 21, 5), "png"),
          EncodedImages.encoded(EncodedImages.scene(33, 21, 6), "gif"),
          EncodedImages.encoded(EncodedImages.scene(33, 21, 7), "bmp"),
          EncodedImages.encoded(EncodedImages.scene(33, 21, 8), "tiff"));

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp", "tiff"})
  void a_lossless_file_gives_its_pixels(String format) throws Exception {
    BufferedImage image = EncodedImages.scene(20, 10, 1);

    RgbImage decoded = DECODER.decode(EncodedImages.encoded(image, format));

    assertThat(decoded).isEqualTo(rgb(image));
  }

  @Test
  void a_jpeg_file_gives_nearly_its_pixels_baseline_or_progressive() throws Exception {
    BufferedImage image = EncodedImages.scene(64, 48, 1);
    byte[] expected = rgb(image).pixels();

    for (byte[] file :
        List.of(EncodedImages.encoded(image, "jpeg"), EncodedImages.progressiveJpeg(image))) {
      byte[] decoded = DECODER.decode(file).pixels();
      assertThat(meanDifference(decoded, expected)).isLessThan(4);
    }
  }

  @Test
  void no_bytes_are_an_empty_image() {
    assertThat(codeOf(new byte[0])).isEqualTo(Code.EMPTY);
    assertThat(Code.EMPTY.id()).isEqualTo("image-empty");
  }

  @Test
  void random_bytes_are_an_unsupported_image() {
    byte[] noise = new byte[1000];
    new Random(42).nextBytes(noise);

    assertThat(codeOf(noise)).isEqualTo(Code.UNSUPPORTED);
    assertThat(Code.UNSUPPORTED.id()).isEqualTo("image-unsupported");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5, 0.9, 0.99})
  void a_jpeg_file_that_is_cut_off_is_truncated(double part) {
    byte[] whole = EncodedImages.jpeg(64, 64, 1);
    byte[] progressive = EncodedImages.progressiveJpeg(EncodedImages.scene(64, 64, 1));

    assertThat(codeOf(cut(whole, part))).isEqualTo(Code.TRUNCATED);
    assertThat(codeOf(cut(progressive, part))).isEqualTo(Code.TRUNCATED);
    assertThat(Code.TRUNCATED.id()).isEqualTo("image-truncated");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5, 0.9})
  void files_of_other_formats_that_are_cut_off_are_truncated(double part) {
    BufferedImage image = EncodedImages.scene(64, 64, 1);

    for (String format : List.of("png", "gif", "bmp")) {
      assertThat(codeOf(cut(EncodedImages.encoded(image, format), part)))
          .as(format)
          .isEqualTo(Code.TRUNCATED);
    }
  }

  @Test
  @Timeout(10)
  void a_header_that_promises_too_many_pixels_costs_neither_time_nor_memory() throws Exception {
    List<byte[]> bombs =
        List.of(
            pngOf(60_000, 60_000), gifOf(60_000, 60_000), jpegOf(60_000, 60_000), bmpOf(60_000));
    for (byte[] bomb : bombs) {
      codeOf(bomb); // classes load once
    }
    for (byte[] bomb : bombs) {
      long before = allocatedBytes();
      Code code = codeOf(bomb);
      long allocated = allocatedBytes() - before;

      assertThat(code).isEqualTo(Code.TOO_LARGE);
      assertThat(allocated).isLessThan(1_000_000);
    }
    assertThat(Code.TOO_LARGE.id()).isEqualTo("image-too-large");
  }

  @Test
  void more_encoded_bytes_than_allowed_are_too_large() {
    ImageDecoder strict = new ImageDecoder(new DecodeLimits(100, 1_000_000, 1_000));

    assertThatThrownBy(() -> strict.decode(new byte[101]))
        .isInstanceOf(ImageException.class)
        .hasMessage("encoded bytes: 101 (expected: <= 100)");
  }

  @Test
  void an_edge_or_an_area_beyond_the_limits_is_too_large() {
    ImageDecoder strict = new ImageDecoder(new DecodeLimits(100_000, 5_000, 100));

    assertThatThrownBy(() -> strict.decode(EncodedImages.png(101, 1, 1)))
        .hasMessage("size: 101x1 (expected: edges <= 100)");
    assertThatThrownBy(() -> strict.decode(EncodedImages.png(100, 51, 1)))
        .hasMessage("pixels: 100x51 (expected: <= 5000 in all; see images.max-pixels)");
  }

  @Property(tries = 400)
  void damaged_files_give_a_image_or_an_image_exception_and_nothing_else(
      @ForAll("damagedFiles") byte[] damaged) {
    assertTimeoutPreemptively(
        PATIENCE,
        () -> {
          try {
            RgbImage image = DECODER.decode(damaged);
            assertThat(image.pixels()).hasSize(3 * image.width() * image.height());
          } catch (ImageException e) {
            assertThat(e.code().id()).startsWith("image-");
            assertThat(e).hasMessageNotContaining("null");
          }
        });
  }

  @Provide
  static Arbitrary<byte[]> damagedFiles() {
    Arbitrary<List<Long>> hits = Arbitraries.longs().list().ofMinSize(1).ofMaxSize(12);
    return Arbitraries.of(WHOLE_FILES).flatMap(file -> hits.map(places -> damaged(file, places)));
  }

  /** Each hit sets a byte, and some cut the file; most fall on the header, where it hurts. */
  private static byte[] damaged(byte[] file, List<Long> hits) {
    byte[] damaged = file.clone();
    for (long hit : hits) {
      int reach = (hit & 3) == 0 ? damaged.length : Math.min(damaged.length, 64);
      int place = (int) Math.floorMod(hit >> 12, (long) reach);
      if ((hit & 0xf0) == 0 && place > 4) {
        damaged = Arrays.copyOf(damaged, place);
      } else {
        damaged[place] = (byte) (hit >> 4);
      }
    }
    return damaged;
  }

  @Property(tries = 200)
  void any_bytes_behind_a_formats_signature_are_survived(
      @ForAll("signatures") byte[] signature, @ForAll @Size(max = 200) byte[] rest) {
    byte[] file = Arrays.copyOf(signature, signature.length + rest.length);
    System.arraycopy(rest, 0, file, signature.length, rest.length);

    assertTimeoutPreemptively(PATIENCE, () -> codeOf(file));
  }

  @Provide
  static Arbitrary<byte[]> signatures() {
    return Arbitraries.of(
        bytes("\u00ff\u00d8\u00ff"),
        bytes("\u0089PNG\r\n\u001a\n"),
        bytes("GIF89a"),
        bytes("BM"),
        bytes("II*\0"),
        bytes("MM\0*"),
        bytes("RIFF\0\0\0\0WEBPVP8 "),
        bytes("RIFF\0\0\0\0WEBPVP8L"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  /** Why a file is refused; null if it is not. */
  private static @Nullable Code codeOf(byte[] file) {
    try {
      DECODER.decode(file);
      return null;
    } catch (ImageException e) {
      return e.code();
    }
  }

  private static byte[] cut(byte[] file, double part) {
    return Arrays.copyOf(file, (int) (file.length * part));
  }

  private static RgbImage rgb(BufferedImage image) {
    byte[] pixels = new byte[3 * image.getWidth() * image.getHeight()];
    for (int i = 0; i < pixels.length; i++) {
      int pixel = i / 3;
      int color = image.getRGB(pixel % image.getWidth(), pixel / image.getWidth());
      pixels[i] = (byte) (color >> (16 - 8 * (i % 3)));
    }
    return new RgbImage(image.getWidth(), image.getHeight(), pixels);
  }

  private static double meanDifference(byte[] some, byte[] others) {
    assertThat(some).hasSameSizeAs(others);
    double sum = 0;
    for (int i = 0; i < some.length; i++) {
      sum += Math.abs((some[i] & 0xff) - (others[i] & 0xff));
    }
    return sum / some.length;
  }

  private static long allocatedBytes() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  private static byte[] pngOf(int width, int height) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(bytes("\u0089PNG\r\n\u001a\n"));
    byte[] header =
        ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) 8).put((byte) 2).array();
    chunk(file, "IHDR", header);
    chunk(file, "IDAT", new byte[] {0x78, (byte) 0x9c, 3, 0, 0, 0, 0, 1});
    chunk(file, "IEND", new byte[0]);
    return file.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream file, String type, byte[] data)
      throws IOException {
    CRC32 crc = new CRC32();
    crc.update(bytes(type));
    crc.update(data);
    DataOutputStream out = new DataOutputStream(file);
    out.writeInt(data.length);
    out.write(bytes(type));
    out.write(data);
    out.writeInt((int) crc.getValue());
  }

  /** No palette, one frame as large as the screen, and the end. */
  private static byte[] gifOf(int width, int height) {
    return ByteBuffer.allocate(32)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(bytes("GIF89a"))
        .putShort((short) width)
        .putShort((short) height)
        .put(new byte[] {0, 0, 0, ',', 0, 0, 0, 0})
        .putShort((short) width)
        .putShort((short) height)
        .put(new byte[] {0, 2, 1, 0, 0, ';'})
        .array();
  }

  /** A small file whose frame header (SOF0) is told another size. */
  private static byte[] jpegOf(int width, int height) {
    byte[] file = EncodedImages.jpeg(8, 8, 1);
    for (int i = 0; i < file.length - 9; i++) {
      if (file[i] == (byte) 0xff && file[i + 1] == (byte) 0xc0) {
        ByteBuffer.wrap(file, i + 5, 4).putShort((short) height).putShort((short) width);
        return file;
      }
    }
    throw new AssertionError("no frame header");
  }

  private static byte[] bmpOf(int edge) {
    byte[] file = EncodedImages.encoded(EncodedImages.scene(4, 4, 1), "bmp");
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(18, edge).putInt(22, edge);
    return file;
  }
}
