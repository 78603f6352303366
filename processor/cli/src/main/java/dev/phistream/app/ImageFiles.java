package dev.phistream.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The image files that a user named: files as they are, and in folders and their folders everything
 * with an image's extension, in order of name.
 *
 * @param files the images
 * @param passedOver files in folders that are no images by their name
 */
public record ImageFiles(List<Path> files, int passedOver) {
  private static final Set<String> EXTENSIONS =
      Set.of("jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff", "webp");

  /** Finds them. */
  public static ImageFiles in(List<Path> places) throws CommandException {
    List<Path> files = new ArrayList<>();
    int passedOver = 0;
    for (Path place : places) {
      if (!Files.exists(place)) {
        throw new CommandException(place + ": no such file or folder (expected: images)");
      }
      if (!Files.isDirectory(place)) {
        files.add(place);
        continue;
      }
      try (Stream<Path> found = Files.walk(place, FileVisitOption.FOLLOW_LINKS)) {
        List<Path> all = found.filter(Files::isRegularFile).sorted().toList();
        List<Path> images = all.stream().filter(ImageFiles::isImage).toList();
        files.addAll(images);
        passedOver += all.size() - images.size();
      } catch (IOException | UncheckedIOException e) { // the latter from folders within
        throw new CommandException(place + ": not readable: " + e.getMessage(), e);
      }
    }
    if (files.isEmpty()) {
      throw new CommandException(
          "%s: no images (expected: files ending in %s)"
              .formatted(places, String.join(", ", EXTENSIONS.stream().sorted().toList())));
    }
    return new ImageFiles(List.copyOf(files), passedOver);
  }

  private static boolean isImage(Path file) {
    String name = file.getFileName().toString();
    String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return EXTENSIONS.contains(extension);
  }
}
