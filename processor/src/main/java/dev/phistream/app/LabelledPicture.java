package dev.phistream.app;

import dev.phistream.training.SyntheticPictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A picture whose class is known, not read yet.
 *
 * @param name for messages
 * @param label number of its class in the model's output
 */
record LabelledPicture(String name, int label, Content content) {
  /** Where the encoded picture comes from. */
  interface Content {
    byte[] read() throws IOException;
  }

  /** Pictures that the program draws. */
  static List<LabelledPicture> synthetic(long seed, int count, List<String> labels)
      throws CommandException {
    SyntheticPictures drawn = new SyntheticPictures(seed);
    List<LabelledPicture> pictures = new ArrayList<>();
    for (long i : LongStream.range(0, count).toArray()) {
      String label = SyntheticPictures.subject(i).label();
      pictures.add(
          new LabelledPicture(
              "synthetic " + i, number(label, labels, "--synthetic"), () -> drawn.jpeg(i)));
    }
    return pictures;
  }

  /** Pictures in folders that have their classes' names. */
  static List<LabelledPicture> in(Path directory, List<String> labels) throws CommandException {
    List<LabelledPicture> pictures = new ArrayList<>();
    for (Path file : ImageFiles.in(List.of(directory)).files()) {
      Path folder = file.toAbsolutePath().getParent();
      String name = folder == null ? "" : String.valueOf(folder.getFileName());
      pictures.add(
          new LabelledPicture(
              file.toString(),
              number(name, labels, file.toString()),
              () -> Files.readAllBytes(file)));
    }
    return pictures;
  }

  private static int number(String label, List<String> labels, String where)
      throws CommandException {
    int number = labels.indexOf(label);
    if (number < 0) {
      throw new CommandException(
          "%s: class %s (expected: one of the model's, such as %s, as the name of the picture's folder)"
              .formatted(
                  where, label, String.join(", ", labels.subList(0, Math.min(3, labels.size())))));
    }
    return number;
  }
}
