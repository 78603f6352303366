package dev.phistream.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A image whose class is known, not read yet.
 *
 * @param name for messages
 * @param label number of its class in the model's output
 */
record LabelledImage(String name, int label, Content content) {
  /** Where the encoded image comes from. */
  interface Content {
    byte[] read() throws IOException;
  }

  /** Images that the program draws. */
  static List<LabelledImage> synthetic(
      SyntheticImages drawn, SyntheticImages.Purpose purpose, int count, List<String> labels)
      throws CommandException {
    List<LabelledImage> images = new ArrayList<>();
    for (long i : LongStream.range(0, count).toArray()) {
      String label = drawn.label(i);
      images.add(
          new LabelledImage(
              "synthetic " + i,
              number(label, labels, "--synthetic"),
              () -> drawn.jpeg(purpose, i)));
    }
    return images;
  }

  /** Images in folders that have their classes' names. */
  static List<LabelledImage> in(Path directory, List<String> labels) throws CommandException {
    List<LabelledImage> images = new ArrayList<>();
    for (Path file : ImageFiles.in(List.of(directory)).files()) {
      Path folder = file.toAbsolutePath().getParent();
      String name = folder == null ? "" : String.valueOf(folder.getFileName());
      images.add(
          new LabelledImage(
              file.toString(),
              number(name, labels, file.toString()),
              () -> Files.readAllBytes(file)));
    }
    return images;
  }

  /**
   * Images that a table names. Those that it does not name are left out.
   *
   * @throws CommandException when it names none of them
   */
  static List<LabelledImage> in(Path place, Path table, List<String> labels)
      throws CommandException {
    TrueLabels truth = TrueLabels.read(table, labels);
    List<LabelledImage> images = new ArrayList<>();
    for (Path file : ImageFiles.in(List.of(place)).files()) {
      truth
          .of(file)
          .ifPresent(
              label ->
                  images.add(
                      new LabelledImage(file.toString(), label, () -> Files.readAllBytes(file))));
    }
    if (images.isEmpty()) {
      throw new CommandException(
          "%s: names none of the images in %s (expected: a row for each image's file)"
              .formatted(table, place));
    }
    return images;
  }

  private static int number(String label, List<String> labels, String where)
      throws CommandException {
    int number = labels.indexOf(label);
    if (number < 0) {
      throw new CommandException(
          "%s: class %s (expected: one of the model's, such as %s, as the name of the image's folder)"
              .formatted(
                  where, label, String.join(", ", labels.subList(0, Math.min(3, labels.size())))));
    }
    return number;
  }
}
