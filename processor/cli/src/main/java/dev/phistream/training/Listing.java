package dev.phistream.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * The labelled images that a user names: a folder with a folder for each class; a folder with
 * {@code train} and {@code val} (and perhaps {@code test}) folders that have those; or a CSV file
 * with the columns "file", "label" and perhaps "split", with paths relative to it.
 *
 * @param place what the user named
 * @param files the images, in order of name; not opened yet
 * @param classes every class that has a folder or a row, in order of name
 * @param passedOver files in the folders that are no images by their name
 */
public record Listing(
    String place, List<LabelledFile> files, List<String> classes, List<String> passedOver) {
  private static final Set<String> EXTENSIONS =
      Set.of("jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff", "webp");
  private static final Set<String> VALIDATION = Set.of("val", "valid", "validation");
  private static final String TABLE = "labels.csv";

  /** Copies the lists. */
  public Listing {
    files = List.copyOf(files);
    classes = List.copyOf(classes);
    passedOver = List.copyOf(passedOver);
  }

  /**
   * Finds the images.
   *
   * @throws TrainingException when there are none, or the place is none of the three kinds
   */
  public static Listing of(Path place) throws TrainingException {
    if (Files.isRegularFile(place)) {
      return table(place);
    }
    if (!Files.isDirectory(place)) {
      throw new TrainingException(
          "%s: no such file or folder (expected: a folder with a folder of images for each class, or a CSV file)"
              .formatted(place));
    }
    try {
      List<Path> folders = folders(place);
      if (folders.isEmpty() && Files.isRegularFile(place.resolve(TABLE))) {
        return table(place.resolve(TABLE));
      }
      return folders(place, folders);
    } catch (IOException | UncheckedIOException e) {
      throw new TrainingException("%s: not readable: %s".formatted(place, e.getMessage()), e);
    }
  }

  private static Listing folders(Path place, List<Path> folders)
      throws IOException, TrainingException {
    Map<Path, Split> splits = splits(folders);
    Collector collector = new Collector(place);
    if (splits.containsValue(Split.TRAIN) && splits.size() > 1) {
      for (Map.Entry<Path, Split> split : splits.entrySet()) {
        for (Path folder : folders(split.getKey())) {
          collector.add(folder, split.getValue());
        }
      }
    } else {
      for (Path folder : folders) {
        collector.add(folder, null);
      }
    }
    if (collector.files.isEmpty()) {
      throw new TrainingException(
          "%s: no images (expected: a folder for each class, with files ending in %s)"
              .formatted(place, String.join(", ", EXTENSIONS.stream().sorted().toList())));
    }
    return new Listing(
        place.toString(),
        collector.files,
        collector.classes.stream().sorted().toList(),
        collector.passedOver);
  }

  /** With train, val and test, the second chooses and the third judges; with two, val judges. */
  private static Map<Path, Split> splits(List<Path> folders) {
    Map<Path, Split> splits = new LinkedHashMap<>();
    boolean tested = folders.stream().anyMatch(folder -> name(folder).equals("test"));
    for (Path folder : folders) {
      String name = name(folder);
      if (name.equals("train") || name.equals("training")) {
        splits.put(folder, Split.TRAIN);
      } else if (VALIDATION.contains(name)) {
        splits.put(folder, tested ? Split.TUNE : Split.VALIDATION);
      } else if (name.equals("test")) {
        splits.put(folder, Split.VALIDATION);
      }
    }
    return splits;
  }

  /** Gathers what class folders hold. */
  private static final class Collector {
    private final Path place;
    private final List<LabelledFile> files = new ArrayList<>();
    private final Set<String> classes = new LinkedHashSet<>();
    private final List<String> passedOver = new ArrayList<>();

    Collector(Path place) {
      this.place = place;
    }

    void add(Path folder, @Nullable Split split) throws IOException {
      String label = fileName(folder);
      classes.add(label);
      try (Stream<Path> found = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
        for (Path file : found.filter(Files::isRegularFile).sorted().toList()) {
          String name = place.relativize(file).toString();
          if (isHidden(folder, file)) {
            continue;
          }
          if (isImage(file)) {
            files.add(new LabelledFile(name, label, split, () -> Files.readAllBytes(file)));
          } else {
            passedOver.add(name);
          }
        }
      }
    }

    private static boolean isHidden(Path folder, Path file) {
      for (Path part : folder.relativize(file)) {
        if (part.toString().startsWith(".")) {
          return true;
        }
      }
      return false;
    }
  }

  private static Listing table(Path file) throws TrainingException {
    try (CSVParser parser =
        CSVParser.parse(
            Files.readString(file),
            CSVFormat.DEFAULT
                .builder()
                .setIgnoreSurroundingSpaces(true)
                .setIgnoreEmptyLines(true)
                .get())) {
      return new Table(file).read(parser.getRecords());
    } catch (CharacterCodingException e) {
      throw new TrainingException(file + ": not UTF-8 (expected: a CSV file in UTF-8)", e);
    } catch (IOException | UncheckedIOException e) {
      throw new TrainingException("%s: not readable: %s".formatted(file, e.getMessage()), e);
    }
  }

  /** A CSV file with or without a heading. */
  private static final class Table {
    private static final Set<String> FILE = Set.of("file", "path", "image", "filename", "filepath");
    private static final Set<String> LABEL = Set.of("label", "class", "category");

    private final Path file;
    private int path;
    private int label = 1;
    private int split = 2;

    Table(Path file) {
      this.file = file;
    }

    Listing read(List<CSVRecord> rows) throws TrainingException {
      List<CSVRecord> data = isHeading(rows) ? rows.subList(1, rows.size()) : rows;
      Path folder =
          Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file is in a folder");
      List<LabelledFile> files = new ArrayList<>();
      Set<String> classes = new LinkedHashSet<>();
      for (CSVRecord row : data) {
        if (row.size() <= Math.max(path, label)
            || row.get(path).isBlank()
            || row.get(label).isBlank()) {
          throw new TrainingException(
              "%s: line %d: '%s' (expected: file,label, or file,label,split)"
                  .formatted(file, row.getRecordNumber(), String.join(",", row.values())));
        }
        Path image = folder.resolve(row.get(path));
        classes.add(row.get(label));
        files.add(
            new LabelledFile(
                row.get(path), row.get(label), split(row), () -> Files.readAllBytes(image)));
      }
      if (files.isEmpty()) {
        throw new TrainingException(
            file + ": no rows (expected: file,label, or file,label,split in each)");
      }
      return new Listing(file.toString(), files, classes.stream().sorted().toList(), List.of());
    }

    private boolean isHeading(List<CSVRecord> rows) throws TrainingException {
      if (rows.isEmpty()) {
        return false;
      }
      List<String> names = rows.get(0).stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
      int foundPath = find(names, FILE);
      int foundLabel = find(names, LABEL);
      if (foundPath < 0 && foundLabel < 0) {
        return false;
      }
      if (foundPath < 0 || foundLabel < 0) {
        throw new TrainingException(
            "%s: heading %s (expected: columns file and label, and perhaps split)"
                .formatted(file, names));
      }
      path = foundPath;
      label = foundLabel;
      split = names.indexOf("split");
      return true;
    }

    private static int find(List<String> names, Set<String> wanted) {
      for (int i = 0; i < names.size(); i++) {
        if (wanted.contains(names.get(i))) {
          return i;
        }
      }
      return -1;
    }

    private @Nullable Split split(CSVRecord row) throws TrainingException {
      if (split < 0 || split >= row.size() || row.get(split).isBlank()) {
        return null;
      }
      String word = row.get(split).toLowerCase(Locale.ROOT);
      return switch (word) {
        case "train", "training" -> Split.TRAIN;
        case "tune" -> Split.TUNE;
        case "val", "valid", "validation", "test" -> Split.VALIDATION;
        default ->
            throw new TrainingException(
                "%s: line %d: split %s (expected: train, tune or val)"
                    .formatted(file, row.getRecordNumber(), word));
      };
    }
  }

  private static List<Path> folders(Path place) throws IOException {
    try (Stream<Path> entries = Files.list(place)) {
      return entries
          .filter(Files::isDirectory)
          .filter(entry -> !fileName(entry).startsWith(".") && !fileName(entry).startsWith("__"))
          .sorted()
          .toList();
    }
  }

  private static String fileName(Path path) {
    return String.valueOf(path.getFileName());
  }

  private static String name(Path path) {
    return fileName(path).toLowerCase(Locale.ROOT);
  }

  private static boolean isImage(Path file) {
    String name = name(file);
    return EXTENSIONS.contains(name.substring(name.lastIndexOf('.') + 1));
  }
}
