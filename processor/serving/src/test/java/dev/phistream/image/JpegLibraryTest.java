package dev.phistream.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class JpegLibraryTest {
  private static TurboJpeg absent() {
    throw new UnsatisfiedLinkError("libturbojpeg.so.0: cannot open shared object file");
  }

  @Test
  void without_the_library_the_jdks_reader_decodes() {
    assertThat(JpegLibrary.AUTO.load(JpegLibraryTest::absent)).isEmpty();
  }

  @Test
  void the_library_is_not_looked_for_when_the_jdks_reader_is_asked_for() {
    assertThat(
            JpegLibrary.JDK.load(
                () -> {
                  throw new AssertionError("looked for");
                }))
        .isEmpty();
  }

  @Test
  void without_the_library_that_is_asked_for_the_error_says_how_to_install_it() {
    assertThatThrownBy(() -> JpegLibrary.TURBO.load(JpegLibraryTest::absent))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("apt-get install libturbojpeg0");
  }

  @Test
  void the_decoder_says_which_library_it_has() {
    ImageDecoder decoder =
        new ImageDecoder(DecodeSettings.DEFAULT.withJpegLibrary(JpegLibrary.JDK));

    assertThat(decoder.jpegLibrary()).startsWith("the JDK's reader");
  }
}
