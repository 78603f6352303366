package dev.phistream.repository;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Names of classes, in the order of a network's outputs. */
public final class ClassNames {
  private static final String IMAGENET = "/labels/imagenet-1k.txt";

  private ClassNames() {}

  /** The 1000 classes of ImageNet-1k in their standard order, that of the synsets. */
  public static List<String> imagenet1k() {
    try (InputStream in = ClassNames.class.getResourceAsStream(IMAGENET)) {
      if (in == null) {
        throw new IllegalStateException(IMAGENET + " is not in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads names from a file: one a line, or for {@code *.csv} the class index in the first column
   * and the name in the last, with or without a heading. UTF-8.
   *
   * @throws RepositoryException when it cannot be read, a name is empty, or the indices are not
   *     those from 0 on, each once
   */
  public static List<String> read(Path file) throws RepositoryException {
    try {
      List<String> names =
          file.toString().toLowerCase(Locale.ROOT).endsWith(".csv")
              ? table(file)
              : Files.readString(file).stripTrailing().lines().map(String::strip).toList();
      for (int i = 0; i < names.size(); i++) {
        if (names.get(i).isBlank()) {
          throw new RepositoryException(
              "%s: class %d has no name (expected: one for each)".formatted(file, i));
        }
      }
      return names;
    } catch (CharacterCodingException e) {
      throw new RepositoryException(file + ": not UTF-8 (expected: text in UTF-8)", e);
    } catch (IOException | UncheckedIOException e) {
      throw new RepositoryException("%s: not readable: %s".formatted(file, e), e);
    }
  }

  private static List<String> table(Path file) throws IOException, RepositoryException {
    List<CSVRecord> rows;
    try (CSVParser parser =
        CSVParser.parse(
            Files.readString(file),
            CSVFormat.DEFAULT.builder().setIgnoreSurroundingSpaces(true).get())) {
      rows = parser.getRecords();
    }
    if (!rows.isEmpty() && !isIndex(rows.get(0).get(0))) {
      rows = rows.subList(1, rows.size());
    }
    String[] names = new String[rows.size()];
    for (CSVRecord row : rows) {
      String index = row.get(0);
      int i = isIndex(index) ? Integer.parseInt(index) : -1;
      if (row.size() < 2 || i < 0 || i >= names.length || names[i] != null) {
        throw new RepositoryException(
            "%s: line %d: '%s' (expected: index,name with each index from 0 to %d once)"
                .formatted(
                    file, row.getRecordNumber(), String.join(",", row.values()), rows.size() - 1));
      }
      names[i] = row.get(row.size() - 1);
    }
    return Arrays.asList(names);
  }

  private static boolean isIndex(String cell) {
    return cell.matches("\\d{1,6}");
  }
}
