package dev.phistream.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phistream.image.ImageException.Code;
import dev.phistream.testkit.EncodedImages;
import dev.phistream.testkit.SharedData;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small files that ask for much work, memory or stack. */
@Timeout(10)
class HostileImagesTest {
  private static final ImageDecoder DECODER = new ImageDecoder(DecodeLimits.DEFAULT);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hostile/jpg-base-10000x10000-30scans.jpg",
        "pictures/dos_seq_90scans.jpg",
      })
  void work_is_charged_before_it_is_done(String file) throws Exception {
    byte[] encoded = Files.readAllBytes(SharedData.at(file));

    assertThatThrownBy(() -> DECODER.decode(encoded))
        .isInstanceOfSatisfying(
            ImageException.class, e -> assertThat(e.code()).isEqualTo(Code.TOO_LARGE));
  }

  @Test
  void the_scans_of_a_progressive_file_are_charged_one_by_one() throws Exception {
    byte[] file = EncodedImages.progressiveJpeg(EncodedImages.scene(64, 64, 1));
    byte[] withScans = repeatLastScan(file, 1_000);

    assertThat(DECODER.inspect(withScans).work())
        .isGreaterThanOrEqualTo(DECODER.inspect(file).work() + 1_000 * 64 * 64 / 4);
    assertThatThrownBy(() -> DECODER.inspect(enlarged(withScans, 4_000, 3_000)))
        .hasMessageContaining("a file of too many scans");
  }

  @Test
  void a_webp_frame_larger_than_its_canvas_is_refused_from_its_header() throws Exception {
    byte[] encoded = Files.readAllBytes(SharedData.at("hostile/webp-vp8x-8-inner-10000.webp"));

    assertThatThrownBy(() -> DECODER.inspect(encoded))
        .hasMessage("WebP: a frame of 10000x10000 at 0,0 on a canvas of 8x8");
  }

  @Test
  void chained_exif_directories_are_not_followed() throws Exception {
    byte[] encoded = Files.readAllBytes(SharedData.at("hostile/jpg-exif-ifd_chain-10900.jpg"));

    assertThat(DECODER.decode(encoded).width()).isPositive();
  }

  @Test
  void chained_directories_in_tiff_are_not_followed() throws Exception {
    byte[] tiff = EncodedImages.encoded(EncodedImages.scene(16, 16, 1), "tiff");
    byte[] chained = Arrays.copyOf(tiff, tiff.length + 6 * 20_000);
    ByteBuffer bytes = ByteBuffer.wrap(chained);
    bytes.order(tiff[0] == 'M' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    int directory = bytes.getInt(4);
    int next = directory + 2 + 12 * bytes.getShort(directory);
    for (int at = tiff.length; at < chained.length; next = at + 2, at += 6) {
      bytes.putInt(next, at);
    }

    assertThat(DECODER.decode(chained)).isEqualTo(DECODER.decode(tiff));
  }

  @Test
  void a_jpeg_in_a_bitmap_is_charged_as_any_jpeg() throws Exception {
    byte[] bomb = Files.readAllBytes(SharedData.at("pictures/dos_seq_90scans.jpg"));

    assertThatThrownBy(() -> DECODER.decode(bitmapAround(bomb)))
        .isInstanceOfSatisfying(
            ImageException.class, e -> assertThat(e.code()).isEqualTo(Code.TOO_LARGE));
  }

  @Test
  void a_jpeg_in_a_tiff_is_charged_as_any_jpeg() throws Exception {
    byte[] bomb = Files.readAllBytes(SharedData.at("pictures/dos_seq_90scans.jpg"));

    assertThatThrownBy(() -> DECODER.decode(tiffAround(bomb, 4000, 4000)))
        .isInstanceOfSatisfying(
            ImageException.class, e -> assertThat(e.code()).isEqualTo(Code.TOO_LARGE));
  }

  @Test
  void a_png_of_many_megapixels_takes_memory_for_its_result_only() throws Exception {
    byte[] encoded = Files.readAllBytes(SharedData.at("pictures/oom_rgba16_64mp.png"));

    DecodeCost cost = DECODER.inspect(encoded);

    assertThat(cost.pixels()).isEqualTo(64_000_000);
    assertThat(cost.memory()).isEqualTo(3 * 64_000_000L);
  }

  /** The last scan again and again, before the end mark. */
  private static byte[] repeatLastScan(byte[] jpeg, int times) {
    int last = 0;
    for (int i = 0; i + 1 < jpeg.length; i++) {
      if (jpeg[i] == (byte) 0xff && jpeg[i + 1] == (byte) 0xda) {
        last = i;
      }
    }
    int end = jpeg.length - 2;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(jpeg, 0, end);
    for (int i = 0; i < times; i++) {
      out.write(jpeg, last, end - last);
    }
    out.write(jpeg, end, 2);
    return out.toByteArray();
  }

  /** The same file with another size in its frame header (SOF2). */
  private static byte[] enlarged(byte[] jpeg, int width, int height) {
    byte[] large = jpeg.clone();
    for (int i = 0; i < jpeg.length - 9; i++) {
      if (jpeg[i] == (byte) 0xff && jpeg[i + 1] == (byte) 0xc2) {
        ByteBuffer.wrap(large, i + 5, 4).putShort((short) height).putShort((short) width);
        return large;
      }
    }
    throw new AssertionError("no frame header");
  }

  private static byte[] bitmapAround(byte[] jpeg) {
    return ByteBuffer.allocate(54 + jpeg.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put("BM".getBytes(ISO_8859_1))
        .putInt(54 + jpeg.length)
        .putInt(0)
        .putInt(54)
        .putInt(40)
        .putInt(16)
        .putInt(16)
        .putShort((short) 1)
        .putShort((short) 0)
        .putInt(BmpHeader.JPEG)
        .putInt(jpeg.length)
        .putInt(0)
        .putInt(0)
        .putInt(0)
        .putInt(0)
        .put(jpeg)
        .array();
  }

  /** One strip, which is the whole file. */
  private static byte[] tiffAround(byte[] jpeg, int width, int height) {
    int[][] entries = {
      {TiffDirectory.WIDTH, width},
      {TiffDirectory.HEIGHT, height},
      {TiffDirectory.BITS_PER_SAMPLE, 8},
      {TiffDirectory.COMPRESSION, TiffCompression.JPEG},
      {TiffDirectory.PHOTOMETRIC, TiffLayout.YCBCR},
      {TiffDirectory.STRIP_OFFSETS, 8 + 2 + 9 * 12 + 4},
      {TiffDirectory.SAMPLES_PER_PIXEL, 3},
      {TiffDirectory.ROWS_PER_STRIP, height},
      {TiffDirectory.STRIP_BYTE_COUNTS, jpeg.length},
    };
    ByteBuffer file =
        ByteBuffer.allocate(8 + 2 + 12 * entries.length + 4 + jpeg.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(new byte[] {'I', 'I', 42, 0})
            .putInt(8)
            .putShort((short) entries.length);
    for (int[] entry : entries) {
      file.putShort((short) entry[0]).putShort((short) 4).putInt(1).putInt(entry[1]);
    }
    return file.putInt(0).put(jpeg).array();
  }
}
