package dev.phistream.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phistream.image.ImageException.Code;
import dev.phistream.testkit.EncodedImages;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a refusal says on bytes that are no image which is decoded. */
class UnsupportedTest {
  private static final byte[] JPEG = EncodedImages.jpeg(16, 16, 1);
  private static final byte[] PNG = EncodedImages.png(16, 16, 1);

  @ParameterizedTest
  @CsvSource({
    "'<!DOCTYPE html><html>404</html>', HTML",
    "'  \n<html>', HTML",
    "'{\"image\": 1}', JSON",
    "'data:image/png;base64,iVBORw0KGgo', a data URL",
    "'https://example.org/a.jpg', a URL",
    "'\u001f\u008b\b', gzip",
    "'PK\u0003\u0004', ZIP",
    "'hello there, no image', 'text: ''hello there, no image'''",
    "'\u0000\u0000\u0000\u0018ftypheic\u0000\u0000\u0000\u0000mif1heic', HEIC (ftyp heic)",
    "'\u0000\u0000\u0000\u0014ftypisom\u0000\u0000\u0000\u0000mp42', MP4 video",
  })
  void other_content_is_named(String start, String expected) {
    assertThat(Unsupported.seen(start.getBytes(ISO_8859_1))).startsWith(expected);
  }

  @Test
  void base64_is_named_with_the_image_that_it_holds() {
    assertThat(Unsupported.seen(Base64.getEncoder().encode(JPEG))).startsWith("JPEG in base64");
    assertThat(Unsupported.seen(Base64.getEncoder().encode(PNG))).startsWith("PNG in base64");
  }

  @Test
  void an_image_that_went_through_text_is_named() {
    byte[] asText = new String(JPEG, UTF_8).getBytes(UTF_8);
    byte[] asLatin = new String(JPEG, ISO_8859_1).getBytes(UTF_8);
    byte[] lineEnds = new String(PNG, ISO_8859_1).replace("\r\n", "\n").getBytes(ISO_8859_1);

    assertThat(Unsupported.seen(asText)).startsWith("JPEG that was read and written as UTF-8");
    assertThat(Unsupported.seen(asLatin)).startsWith("JPEG that was read and written as UTF-8");
    assertThat(Unsupported.seen(lineEnds)).startsWith("PNG whose line ends were changed");
  }

  @Test
  void bytes_in_front_of_an_image_are_shown() {
    byte[] late = ("\r\n" + new String(JPEG, ISO_8859_1)).getBytes(ISO_8859_1);

    assertThat(Unsupported.seen(late)).isEqualTo("JPEG behind 2 other bytes: 0d 0a");
  }

  @Test
  void control_characters_do_not_pass_into_messages() {
    byte[] escape = "\u001b]52;c;aGVsbG8=\u0007".getBytes(ISO_8859_1);

    assertThat(Unsupported.message(escape, Set.of(ImageFormat.JPEG)))
        .isEqualTo("unknown bytes: 1b 5d 35 32 3b 63 3b 61 ... (expected: jpeg)");
  }

  @Test
  void a_format_that_is_switched_off_is_refused_by_name() {
    ImageDecoder decoder =
        new ImageDecoder(
            new DecodeSettings(
                DecodeLimits.DEFAULT,
                EnumSet.of(ImageFormat.JPEG, ImageFormat.TIFF),
                Background.WHITE));

    assertThatThrownBy(() -> decoder.decode(PNG))
        .isInstanceOfSatisfying(
            ImageException.class, e -> assertThat(e.code()).isEqualTo(Code.UNSUPPORTED))
        .hasMessage("PNG: not among images.formats (jpeg, tiff)");
  }
}
