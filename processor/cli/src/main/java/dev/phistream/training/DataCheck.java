package dev.phistream.training;

import dev.phistream.image.DecodeLimits;
import dev.phistream.image.ImageDecoder;
import dev.phistream.image.ImageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/**
 * Opens every image, finds what must not be trained on, and deals the rest out. Where the user does
 * not say it, an image's own bytes decide what it is for: it stays there when other images come or
 * go. Images that look alike are dealt out together.
 */
public final class DataCheck {
  private static final int HASH_BITS = 32;
  private static final int SHOWN = 2;

  private final double validationShare;
  private final double tuneShare;
  private final ImageDecoder decoder = new ImageDecoder(DecodeLimits.DEFAULT);

  /**
   * Prepares a check.
   *
   * @param validationShare part of the images to validate with, where the user names none
   * @param tuneShare part of the training images to tune with, where the user names none
   */
  public DataCheck(double validationShare, double tuneShare) {
    this.validationShare = validationShare;
    this.tuneShare = tuneShare;
  }

  /** An image that was opened, or why it could not be. */
  private record Opened(
      LabelledFile file, String sha256, @Nullable PerceptualHash hash, String problem) {}

  /**
   * Checks a listing.
   *
   * @param opened told after each image, on any thread
   * @throws TrainingException when fewer than two classes have usable images, or one has none to
   *     train on
   */
  public ImageData check(Listing listing, Runnable opened) throws TrainingException {
    Opened[] all = new Opened[listing.files().size()];
    IntStream.range(0, all.length)
        .parallel()
        .forEach(
            i -> {
              all[i] = open(listing.files().get(i));
              opened.run();
            });
    List<Finding> findings = new ArrayList<>();
    List<Opened> good = new ArrayList<>();
    for (Opened image : all) {
      if (image.hash() == null) {
        findings.add(new Finding(Finding.Kind.UNREADABLE, image.file().name(), image.problem()));
      } else {
        good.add(image);
      }
    }
    good = withoutCopies(good, findings);
    int[] groups = groups(good);
    List<Opened> kept = new ArrayList<>();
    List<Integer> keptGroups = new ArrayList<>();
    withoutLeaks(good, groups, kept, keptGroups, findings);
    return dealt(listing, kept, keptGroups, findings);
  }

  private Opened open(LabelledFile file) {
    try {
      byte[] bytes = file.content().read();
      return new Opened(
          file, DigestUtils.sha256Hex(bytes), PerceptualHash.of(decoder.decode(bytes)), "");
    } catch (IOException e) {
      return new Opened(file, "", null, "not readable: " + e.getMessage());
    } catch (ImageException e) {
      return new Opened(file, "", null, e.code().id() + ": " + e.getMessage());
    }
  }

  /** Leaves one of files with the same bytes and class, and none of those with two classes. */
  private static List<Opened> withoutCopies(List<Opened> images, List<Finding> findings) {
    Map<String, List<Opened>> bySha = new LinkedHashMap<>();
    images.forEach(
        image -> bySha.computeIfAbsent(image.sha256(), sha -> new ArrayList<>()).add(image));
    List<Opened> kept = new ArrayList<>();
    for (List<Opened> same : bySha.values()) {
      Set<String> labels = new LinkedHashSet<>();
      same.forEach(image -> labels.add(image.file().label()));
      if (labels.size() > 1) {
        for (Opened image : same) {
          findings.add(
              new Finding(
                  Finding.Kind.CONTRADICTION,
                  image.file().name(),
                  "the same bytes are in classes %s; left out".formatted(labels)));
        }
        continue;
      }
      // What the user validates with comes first: it is the copy for training that goes.
      List<Opened> ordered =
          same.stream()
              .sorted(Comparator.comparing(image -> image.file().split() != Split.VALIDATION))
              .toList();
      Opened first = ordered.get(0);
      kept.add(first);
      for (Opened copy : ordered.subList(1, ordered.size())) {
        boolean across = first.file().split() != copy.file().split();
        findings.add(
            new Finding(
                across ? Finding.Kind.ACROSS_SPLITS : Finding.Kind.DUPLICATE,
                copy.file().name(),
                "the same bytes as %s; left out".formatted(first.file().name())));
      }
    }
    return kept;
  }

  /** The first image that each one looks like, itself if there is none before it. */
  private static int[] groups(List<Opened> images) {
    int count = images.size();
    PerceptualHash[] hashes = images.stream().map(Opened::hash).toArray(PerceptualHash[]::new);
    int[][] alike = new int[count][];
    IntStream.range(0, count)
        .parallel()
        .forEach(
            i ->
                alike[i] =
                    IntStream.range(0, i).filter(j -> hashes[i].looksLike(hashes[j])).toArray());
    int[] groups = new int[count];
    for (int i = 0; i < count; i++) {
      groups[i] = i;
      for (int j : alike[i]) {
        join(groups, i, j);
      }
    }
    for (int i = 0; i < count; i++) {
      groups[i] = root(groups, i);
    }
    return groups;
  }

  private static void join(int[] groups, int a, int b) {
    int first = root(groups, a);
    int second = root(groups, b);
    groups[Math.max(first, second)] = Math.min(first, second);
  }

  private static int root(int[] groups, int of) {
    int at = of;
    while (groups[at] != at) {
      at = groups[at];
    }
    return at;
  }

  /** Leaves out training images that look like one that the user validates with. */
  private static void withoutLeaks(
      List<Opened> images,
      int[] groups,
      List<Opened> kept,
      List<Integer> keptGroups,
      List<Finding> findings) {
    Map<Integer, Opened> validated = new HashMap<>();
    for (int i = 0; i < images.size(); i++) {
      if (images.get(i).file().split() == Split.VALIDATION) {
        validated.putIfAbsent(groups[i], images.get(i));
      }
    }
    for (int i = 0; i < images.size(); i++) {
      Opened image = images.get(i);
      Opened other = validated.get(groups[i]);
      if (other != null && image.file().split() != Split.VALIDATION) {
        findings.add(
            new Finding(
                Finding.Kind.ACROSS_SPLITS,
                image.file().name(),
                "looks like %s; left out".formatted(other.file().name())));
      } else {
        kept.add(image);
        keptGroups.add(groups[i]);
      }
    }
  }

  private ImageData dealt(
      Listing listing, List<Opened> images, List<Integer> groups, List<Finding> findings)
      throws TrainingException {
    Map<String, List<Integer>> byClass = new TreeMap<>();
    for (int i = 0; i < images.size(); i++) {
      byClass.computeIfAbsent(images.get(i).file().label(), label -> new ArrayList<>()).add(i);
    }
    for (String label : listing.classes()) {
      if (!byClass.containsKey(label)) {
        findings.add(
            new Finding(Finding.Kind.EMPTY_CLASS, label, "no usable image; the class is left out"));
      }
    }
    if (byClass.size() < 2) {
      throw new TrainingException(
          "%s: %d class%s with usable images: %s (expected: at least 2, a folder for each)%s"
              .formatted(
                  listing.place(),
                  byClass.size(),
                  byClass.size() == 1 ? "" : "es",
                  byClass.keySet(),
                  findings.isEmpty() ? "" : "; " + first(findings)));
    }
    boolean given = images.stream().anyMatch(image -> image.file().split() == Split.VALIDATION);
    boolean tuneGiven = images.stream().anyMatch(image -> image.file().split() == Split.TUNE);
    // Of a group of look-alikes the smallest digest speaks for all.
    Map<Integer, String> digests = new HashMap<>();
    for (int i = 0; i < images.size(); i++) {
      digests.merge(groups.get(i), images.get(i).sha256(), (a, b) -> a.compareTo(b) < 0 ? a : b);
    }
    Split[] splits = new Split[images.size()];
    List<String> classes = List.copyOf(byClass.keySet());
    int[] labels = new int[images.size()];
    for (int label = 0; label < classes.size(); label++) {
      List<Integer> members = Objects.requireNonNull(byClass.get(classes.get(label)));
      for (int i : members) {
        labels[i] = label;
        splits[i] =
            split(
                images.get(i).file().split(),
                Objects.requireNonNull(digests.get(groups.get(i))),
                given,
                tuneGiven);
      }
      if (members.size() == 1) {
        splits[members.get(0)] = Split.TRAIN;
        findings.add(
            new Finding(
                Finding.Kind.LONELY_CLASS,
                classes.get(label),
                "one usable image, %s; it is trained on and nothing measures it"
                    .formatted(images.get(members.get(0)).file().name())));
      } else {
        atLeastOne(images, members, splits, given);
      }
      if (members.stream().noneMatch(i -> splits[i] == Split.TRAIN)) {
        throw new TrainingException(
            "class %s: no image to train on (expected: at least one in the training folder)"
                .formatted(classes.get(label)));
      }
    }
    List<ImageData.Image> dealt = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      dealt.add(
          new ImageData.Image(images.get(i).file(), labels[i], splits[i], images.get(i).sha256()));
    }
    dealt.sort(Comparator.comparing(ImageData.Image::sha256));
    findings.sort(Comparator.comparing(Finding::kind));
    return new ImageData(listing.place(), classes, dealt, findings, listing.files().size());
  }

  private static String first(List<Finding> findings) {
    StringBuilder text = new StringBuilder();
    for (Finding finding : findings.subList(0, Math.min(SHOWN, findings.size()))) {
      text.append(text.length() == 0 ? "" : "; ")
          .append(finding.image())
          .append(": ")
          .append(finding.detail());
    }
    return text.toString();
  }

  private Split split(@Nullable Split said, String digest, boolean given, boolean tuneGiven) {
    if (said == Split.VALIDATION || said == Split.TUNE) {
      return said;
    }
    if (!given && said == null && part(digest, 0) < validationShare) {
      return Split.VALIDATION;
    }
    return !tuneGiven && part(digest, 1) < tuneShare ? Split.TUNE : Split.TRAIN;
  }

  /** A number from 0 to below 1 that the bytes of an image decide. */
  private static double part(String digest, int which) {
    int digits = HASH_BITS / 4;
    String hex = digest.substring(which * digits, (which + 1) * digits);
    return (double) Long.parseLong(hex, 16) / (1L << HASH_BITS);
  }

  /** A small class keeps one image to learn from, and one to be measured by. */
  private static void atLeastOne(
      List<Opened> images, List<Integer> members, Split[] splits, boolean given) {
    List<Integer> ordered =
        members.stream().sorted(Comparator.comparing(i -> images.get(i).sha256())).toList();
    if (!given && ordered.stream().noneMatch(i -> splits[i] == Split.VALIDATION)) {
      splits[ordered.get(0)] = Split.VALIDATION;
    }
    if (ordered.stream().noneMatch(i -> splits[i] == Split.TRAIN)) {
      ordered.stream()
          .filter(i -> images.get(i).file().split() == null)
          .reduce((first, last) -> last)
          .ifPresent(i -> splits[i] = Split.TRAIN);
    }
  }
}
