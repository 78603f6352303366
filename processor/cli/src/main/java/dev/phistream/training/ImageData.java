package dev.phistream.training;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * Images that can be trained on.
 *
 * @param place what the user named
 * @param classes names of the classes; an image's class is an index of it
 * @param images in an order that is the same for the same images
 * @param findings what is wrong with the user's images
 * @param read how many images the user gave
 */
public record ImageData(
    String place, List<String> classes, List<Image> images, List<Finding> findings, int read) {
  /** Copies the lists. */
  public ImageData {
    classes = List.copyOf(classes);
    images = List.copyOf(images);
    findings = List.copyOf(findings);
  }

  /**
   * A good image.
   *
   * @param file as the user gave it
   * @param label index of its class
   * @param split what it is used for
   * @param sha256 of the encoded image
   */
  public record Image(LabelledFile file, int label, Split split, String sha256) {}

  /** The images of a split, in order. */
  public List<Image> of(Split split) {
    return images.stream().filter(image -> image.split() == split).toList();
  }

  /** How many findings there are of each kind that has any. */
  public Map<Finding.Kind, Long> counts() {
    return findings.stream()
        .collect(Collectors.groupingBy(Finding::kind, TreeMap::new, Collectors.counting()));
  }

  /** SHA-256 of all that is learnt from and measured on: bytes, classes and splits. */
  public String digest() {
    String all =
        images.stream()
            .map(image -> image.sha256() + " " + classes.get(image.label()) + " " + image.split())
            .sorted()
            .collect(Collectors.joining("\n"));
    return DigestUtils.sha256Hex(all);
  }
}
