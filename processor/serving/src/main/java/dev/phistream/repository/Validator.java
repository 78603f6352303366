package dev.phistream.repository;

import java.net.http.HttpHeaders;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What tells one version of a server's file from another.
 *
 * @param etag strong entity tag of the server that sent the bytes
 * @param sha256 of the file, as the first server said, in lower-case hexadecimal digits
 */
record Validator(@Nullable String etag, @Nullable String sha256) {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final String WEAK = "W/";

  /**
   * What an answer says.
   *
   * @param first headers of the first answer, which may have redirected; hubs name the SHA-256 of
   *     large files there, in {@code X-Linked-Etag}
   * @param last headers of the answer with the bytes
   */
  static Validator of(HttpHeaders first, HttpHeaders last) {
    String etag = last.firstValue("etag").filter(tag -> !tag.startsWith(WEAK)).orElse(null);
    return new Validator(
        etag,
        first
            .firstValue("x-linked-etag")
            .or(() -> first.firstValue("etag"))
            .map(tag -> tag.replace(WEAK, "").replace("\"", "").toLowerCase(Locale.ROOT))
            .filter(tag -> SHA256.matcher(tag).matches())
            .orElse(null));
  }

  /** Whether both surely mean the same bytes. */
  boolean sameAs(Validator other) {
    if (sha256 != null && other.sha256 != null) {
      return sha256.equals(other.sha256);
    }
    return etag != null && etag.equals(other.etag);
  }
}
