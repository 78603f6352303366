package dev.phistream.image;

import dev.phistream.image.ImageException.Code;

/** Reads Netpbm's PBM, PGM and PPM files, plain (P1 to P3) and raw (P4 to P6). */
final class PnmDecoder implements FormatDecoder {
  @Override
  public EncodedImage open(byte[] encoded) throws ImageException {
    PnmTokens tokens = new PnmTokens(encoded, 2);
    int kind = encoded[1] - '0';
    int width = tokens.next();
    int height = tokens.next();
    boolean bitmap = kind == 1 || kind == 4;
    int most = bitmap ? 1 : tokens.next();
    if (most < 1 || most > 65_535) {
      throw new ImageException(
          Code.UNDECODABLE, "PNM: largest value " + most + " (expected: 1 to 65535)");
    }
    return new PnmImage(encoded, kind, width, height, most, tokens.position());
  }
}
