package dev.phistream.image;

import dev.phistream.image.ImageException.Code;
import org.jspecify.annotations.Nullable;

/**
 * Reads the chunks of WebP files (RIFF container, RFC 9649): the canvas, the first frame, and the
 * orientation.
 */
final class WebpDecoder implements FormatDecoder {
  private static final int ALPHA_FLAG = 0x10;
  private static final int ANIMATION_FLAG = 0x02;

  @Override
  public EncodedImage open(byte[] encoded) throws ImageException {
    return new Chunks(encoded).read();
  }

  private static final class Chunks {
    private final byte[] file;
    private final OrientationTags tags = new OrientationTags();
    private int canvasWidth;
    private int canvasHeight;
    private boolean extended;
    private boolean alpha;
    private boolean animated;
    private int alphaStart = -1;
    private WebpImage.@Nullable Frame frame;

    Chunks(byte[] file) {
      this.file = file;
    }

    EncodedImage read() throws ImageException {
      if (file.length < 12 || 8 + Bytes.uint32(file, 4, false) > file.length) {
        throw truncated();
      }
      int end = (int) (8 + Bytes.uint32(file, 4, false));
      for (int at = 12; at + 8 <= end; ) {
        long size = Bytes.uint32(file, at + 4, false);
        if (size > end - at - 8) {
          throw truncated();
        }
        int stop = at + 8 + (int) size;
        chunk(at, stop);
        at = stop + (int) (size & 1);
      }
      if (frame == null) {
        throw new ImageException(Code.UNDECODABLE, "WebP: has no image");
      }
      if (!extended) {
        canvasWidth = frame.width();
        canvasHeight = frame.height();
        alpha = frame.alpha();
      }
      checkFrame(frame);
      return new WebpImage(file, canvasWidth, canvasHeight, alpha, frame, tags.orientation());
    }

    private void chunk(int at, int stop) throws ImageException {
      int start = at + 8;
      if (Magic.at(file, at, "VP8X") && stop - start >= 10) {
        extended = true;
        alpha = (file[start] & ALPHA_FLAG) != 0;
        animated = (file[start] & ANIMATION_FLAG) != 0;
        canvasWidth = 1 + Bytes.uint24(file, start + 4);
        canvasHeight = 1 + Bytes.uint24(file, start + 7);
      } else if (Magic.at(file, at, "ANMF") && frame == null && stop - start >= 16) {
        frame(start, stop);
      } else if (Magic.at(file, at, "ALPH") && frame == null) {
        alphaStart = at;
      } else if (Magic.at(file, at, "VP8 ") || Magic.at(file, at, "VP8L")) {
        if (frame == null && !animated) {
          frame = bitstream(at, stop, 0, 0);
        }
      } else if (Magic.at(file, at, "EXIF")) {
        tags.exif(file, start, stop);
      } else if (Magic.at(file, at, "XMP ")) {
        tags.xmp(file, start, stop);
      }
    }

    /** The first frame of an animation: its place, and chunks as in a still image. */
    private void frame(int start, int end) throws ImageException {
      int left = 2 * Bytes.uint24(file, start);
      int top = 2 * Bytes.uint24(file, start + 3);
      for (int at = start + 16; at + 8 <= end; ) {
        long size = Bytes.uint32(file, at + 4, false);
        if (size > end - at - 8) {
          throw new ImageException(Code.UNDECODABLE, "WebP: a chunk exceeds its frame");
        }
        int stop = at + 8 + (int) size;
        if (Magic.at(file, at, "ALPH")) {
          alphaStart = at;
        } else if (Magic.at(file, at, "VP8 ") || Magic.at(file, at, "VP8L")) {
          frame = bitstream(at, stop, left, top);
          return;
        }
        at = stop + (int) (size & 1);
      }
    }

    private WebpImage.Frame bitstream(int at, int end, int left, int top) throws ImageException {
      int start = at + 8;
      if (file[at + 3] == 'L') {
        if (end - start < 5 || file[start] != 0x2f) {
          throw new ImageException(Code.UNDECODABLE, "WebP: damaged lossless header");
        }
        int bits = Bytes.int32(file, start + 1, false);
        int width = 1 + (bits & 0x3fff);
        int height = 1 + (bits >> 14 & 0x3fff);
        boolean hasAlpha = (bits >> 28 & 1) == 1;
        return new WebpImage.Frame(left, top, width, height, true, hasAlpha, at, at, end);
      }
      if (end - start < 10 || !Magic.at(file, start + 3, 0x9d, 0x01, 0x2a)) {
        throw new ImageException(Code.UNDECODABLE, "WebP: damaged lossy header");
      }
      int width = Bytes.uint16(file, start + 6, false) & 0x3fff;
      int height = Bytes.uint16(file, start + 8, false) & 0x3fff;
      int from = alphaStart < 0 ? at : alphaStart;
      return new WebpImage.Frame(left, top, width, height, false, alphaStart >= 0, from, at, end);
    }

    /** A frame that lies outside of its canvas would take memory that the canvas does not tell. */
    private void checkFrame(WebpImage.Frame first) throws ImageException {
      boolean inside =
          animated
              ? (long) first.left() + first.width() <= canvasWidth
                  && (long) first.top() + first.height() <= canvasHeight
              : first.width() == canvasWidth && first.height() == canvasHeight;
      if (!inside) {
        throw new ImageException(
            Code.UNDECODABLE,
            "WebP: a frame of %dx%d at %d,%d on a canvas of %dx%d"
                .formatted(
                    first.width(),
                    first.height(),
                    first.left(),
                    first.top(),
                    canvasWidth,
                    canvasHeight));
      }
    }

    private ImageException truncated() {
      return new ImageException(
          Code.TRUNCATED, "WebP: ends before its image does, at byte " + file.length);
    }
  }
}
