package dev.phistream.app;

import dev.phistream.model.ModelLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * What images show, from a table: a column {@code file} and one with the class, as its number in
 * the model's output ({@code class_index}, {@code index}) or as its name ({@code label}, {@code
 * class}, {@code name}). Without a heading, the first two columns are these.
 */
final class TrueLabels {
  private static final List<String> FILE = List.of("file", "filename", "path", "image");
  private static final List<String> INDEX = List.of("class_index", "index", "class_id");
  private static final List<String> NAME = List.of("label", "class", "name");

  private static final Pattern SENT = Pattern.compile("-\\d+-[0-9a-f]{8}$");

  private final Path table;
  private final Map<String, Integer> classes;

  private TrueLabels(Path table, Map<String, Integer> classes) {
    this.table = table;
    this.classes = classes;
  }

  /**
   * Reads a table.
   *
   * @param labels the model's classes
   * @throws CommandException when it cannot be read or names a class that the model does not have
   */
  static TrueLabels read(Path table, List<String> labels) throws CommandException {
    List<CSVRecord> rows = rows(table);
    if (rows.isEmpty()) {
      throw new CommandException(table + ": empty (expected: rows with file,class_index)");
    }
    Heading heading = Heading.of(rows.get(0));
    Map<String, Integer> classes = new HashMap<>();
    for (CSVRecord row : heading.named() ? rows.subList(1, rows.size()) : rows) {
      if (row.size() <= Math.max(heading.file(), heading.klass())) {
        throw wrong(table, row, "as many cells as the first row");
      }
      String file = row.get(heading.file()).replace('\\', '/');
      int label = number(table, row, row.get(heading.klass()), heading.byName(), labels);
      Integer other = classes.put(file, label);
      if (other != null && other != label) {
        throw wrong(table, row, "one class for each file");
      }
    }
    return new TrueLabels(table, classes);
  }

  /**
   * Reads a table that tells classes by their numbers, for whatever model.
   *
   * @throws CommandException when it cannot be read or has no such column
   */
  static TrueLabels read(Path table) throws CommandException {
    return read(
        table, IntStream.range(0, ModelLimits.MOST_CLASSES).mapToObj(String::valueOf).toList());
  }

  /**
   * The class of the file of which an event was made: {@code send} names events by the file, a
   * number and a run.
   */
  OptionalInt ofEvent(String id) {
    Integer label = classes.get(SENT.matcher(id).replaceFirst(""));
    return label == null ? OptionalInt.empty() : OptionalInt.of(label);
  }

  /** The class of a file, by its path below the table's folder, its path as given or its name. */
  OptionalInt of(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    Path folder = table.toAbsolutePath().normalize().getParent();
    List<String> names = new ArrayList<>();
    if (folder != null && absolute.startsWith(folder)) {
      names.add(folder.relativize(absolute).toString().replace('\\', '/'));
    }
    names.add(file.toString().replace('\\', '/'));
    names.add(String.valueOf(absolute.getFileName()));
    for (String name : names) {
      Integer label = classes.get(name);
      if (label != null) {
        return OptionalInt.of(label);
      }
    }
    return OptionalInt.empty();
  }

  /**
   * Where the columns are.
   *
   * @param named whether the first row names them
   */
  private record Heading(boolean named, int file, int klass, boolean byName) {
    static Heading of(CSVRecord first) throws CommandException {
      List<String> names =
          first.toList().stream().map(cell -> cell.strip().toLowerCase(Locale.ROOT)).toList();
      int file = find(names, FILE);
      int index = find(names, INDEX);
      int name = find(names, NAME);
      if (file >= 0 && (index >= 0 || name >= 0)) {
        return new Heading(true, file, index >= 0 ? index : name, index < 0);
      }
      return new Heading(false, 0, 1, !isNumber(names.get(names.size() < 2 ? 0 : 1)));
    }

    private static int find(List<String> names, List<String> wanted) {
      return wanted.stream().mapToInt(names::indexOf).filter(at -> at >= 0).findFirst().orElse(-1);
    }
  }

  private static int number(
      Path table, CSVRecord row, String cell, boolean byName, List<String> labels)
      throws CommandException {
    int number =
        byName
            ? labels.indexOf(cell.strip())
            : isNumber(cell.strip()) ? Integer.parseInt(cell.strip()) : -1;
    if (number < 0 || number >= labels.size()) {
      throw wrong(
          table,
          row,
          byName
              ? "one of the model's classes, such as " + labels.get(0)
              : "a class's number from 0 to " + (labels.size() - 1));
    }
    if (byName && labels.lastIndexOf(cell.strip()) != number) {
      throw wrong(table, row, "a column class_index; two classes have this name");
    }
    return number;
  }

  private static boolean isNumber(String cell) {
    return cell.matches("\\d{1,7}");
  }

  private static List<CSVRecord> rows(Path table) throws CommandException {
    try (CSVParser parser =
        CSVParser.parse(
            Files.readString(table, StandardCharsets.UTF_8),
            CSVFormat.DEFAULT
                .builder()
                .setIgnoreSurroundingSpaces(true)
                .setIgnoreEmptyLines(true)
                .get())) {
      return parser.getRecords();
    } catch (IOException | UncheckedIOException e) {
      throw new CommandException("%s: not readable: %s".formatted(table, e), e);
    }
  }

  private static CommandException wrong(Path table, CSVRecord row, String expected) {
    return new CommandException(
        "%s: row %d: %s (expected: %s)"
            .formatted(table, row.getRecordNumber(), String.join(",", row.values()), expected));
  }
}
