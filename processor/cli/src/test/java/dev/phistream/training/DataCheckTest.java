package dev.phistream.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phistream.testkit.EncodedImages;
import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.groups.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is found in images before anything is learnt from them. */
class DataCheckTest {
  private final List<LabelledFile> files = new ArrayList<>();

  @Test
  void good_images_are_all_used_and_nothing_is_found() throws Exception {
    photos("a", 0, 20, null);
    photos("b", 1, 20, null);

    ImageData data = check(0.2, 0);

    assertThat(data.classes()).containsExactly("a", "b");
    assertThat(data.images()).hasSize(40);
    assertThat(data.findings()).isEmpty();
  }

  @Test
  void an_unreadable_image_is_named_and_left_out() throws Exception {
    photos("a", 0, 4, null);
    photos("b", 1, 4, null);
    add("a/torn.jpg", "a", null, Arrays.copyOf(ToyPhotos.jpeg(0, 99), 600));
    add("b/text.jpg", "b", null, "no image".getBytes(StandardCharsets.UTF_8));

    ImageData data = check(0.2, 0);

    assertThat(data.images()).hasSize(8);
    assertThat(data.findings())
        .extracting(Finding::kind, Finding::image)
        .containsExactlyInAnyOrder(
            Tuple.tuple(Finding.Kind.UNREADABLE, "a/torn.jpg"),
            Tuple.tuple(Finding.Kind.UNREADABLE, "b/text.jpg"));
    assertThat(data.findings().get(0).detail()).contains("image-");
  }

  @Test
  void a_copy_in_the_same_class_is_left_out() throws Exception {
    photos("a", 0, 4, null);
    photos("b", 1, 4, null);
    add("a/again.jpg", "a", null, ToyPhotos.jpeg(0, 0));

    ImageData data = check(0.2, 0);

    assertThat(data.images()).hasSize(8);
    assertThat(data.findings())
        .containsExactly(
            new Finding(
                Finding.Kind.DUPLICATE, "a/again.jpg", "the same bytes as a/0.jpg; left out"));
  }

  @Test
  void the_same_image_in_two_classes_is_in_neither() throws Exception {
    photos("a", 0, 4, null);
    photos("b", 1, 4, null);
    add("b/wrong.jpg", "b", null, ToyPhotos.jpeg(0, 2));

    ImageData data = check(0.2, 0);

    assertThat(data.findings())
        .extracting(Finding::kind, Finding::image)
        .containsExactly(
            Tuple.tuple(Finding.Kind.CONTRADICTION, "a/2.jpg"),
            Tuple.tuple(Finding.Kind.CONTRADICTION, "b/wrong.jpg"));
    assertThat(data.images()).hasSize(7);
  }

  @Test
  void a_smaller_copy_of_a_validation_image_is_not_trained_on() throws Exception {
    photos("a", 0, 6, Split.TRAIN);
    photos("b", 1, 6, Split.TRAIN);
    BufferedImage image = ToyPhotos.draw(0, 320, 240, 500);
    add("val/a.png", "a", Split.VALIDATION, EncodedImages.encoded(image, "png"));
    add("train/a.jpg", "a", Split.TRAIN, EncodedImages.encoded(scaled(image, 200, 150), "jpeg"));

    ImageData data = check(0.2, 0);

    assertThat(data.findings())
        .containsExactly(
            new Finding(
                Finding.Kind.ACROSS_SPLITS, "train/a.jpg", "looks like val/a.png; left out"));
    assertThat(data.of(Split.VALIDATION)).hasSize(1);
  }

  @Test
  void images_that_look_alike_are_dealt_out_together() throws Exception {
    photos("b", 1, 10, null);
    for (int i = 0; i < 30; i++) {
      BufferedImage image = scaled(ToyPhotos.draw(0, 64, 48, 700 + i), 320, 240);
      add("a/" + i + ".png", "a", null, EncodedImages.encoded(image, "png"));
      add("a/" + i + ".jpg", "a", null, EncodedImages.encoded(scaled(image, 160, 120), "jpeg"));
    }

    Map<String, List<Split>> pairs = new TreeMap<>();
    for (ImageData.Image image : check(0.4, 0.2).images()) {
      if (image.file().label().equals("a")) {
        String pair = image.file().name().replaceAll("\\.\\w+$", "");
        pairs.computeIfAbsent(pair, name -> new ArrayList<>()).add(image.split());
      }
    }

    assertThat(pairs)
        .hasSize(30)
        .allSatisfy((name, two) -> assertThat(two.get(0)).isEqualTo(two.get(1)));
    assertThat(pairs.values().stream().flatMap(List::stream)).contains(Split.values());
  }

  @Test
  void an_image_stays_where_it_was_when_others_come() throws Exception {
    photos("a", 0, 40, null);
    photos("b", 1, 40, null);
    Map<String, Split> before = splits(check(0.3, 0.1));
    photos("c", 2, 40, null);

    Map<String, Split> after = splits(check(0.3, 0.1));

    assertThat(after).containsAllEntriesOf(before);
    assertThat(before.values().stream().filter(split -> split == Split.VALIDATION).count())
        .isBetween(14L, 34L);
  }

  @Test
  void a_class_with_one_image_is_trained_on_and_named() throws Exception {
    photos("a", 0, 5, null);
    photos("b", 1, 1, null);

    ImageData data = check(0.9, 0);

    assertThat(data.findings())
        .extracting(Finding::kind, Finding::image)
        .containsExactly(Tuple.tuple(Finding.Kind.LONELY_CLASS, "b"));
    assertThat(data.images().stream().filter(image -> image.label() == 1))
        .extracting(ImageData.Image::split)
        .containsExactly(Split.TRAIN);
  }

  @Test
  void a_small_class_has_an_image_on_each_side() throws Exception {
    photos("a", 0, 2, null);
    photos("b", 1, 2, null);

    for (double share : new double[] {0.001, 0.999}) {
      ImageData data = check(share, 0);

      for (int label = 0; label < 2; label++) {
        int wanted = label;
        assertThat(data.images().stream().filter(image -> image.label() == wanted))
            .extracting(ImageData.Image::split)
            .containsExactlyInAnyOrder(Split.TRAIN, Split.VALIDATION);
      }
    }
  }

  @Test
  void one_class_is_refused_with_what_became_of_the_others() {
    photos("a", 0, 3, null);
    add("b/text.jpg", "b", null, new byte[] {1, 2, 3});

    assertThatThrownBy(() -> check(0.2, 0))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("test: 1 class with usable images: [a] (expected: at least 2")
        .hasMessageContaining("b/text.jpg: image-unsupported");
  }

  @Test
  void a_class_that_is_only_validated_with_is_refused() {
    photos("a", 0, 3, Split.TRAIN);
    photos("b", 1, 3, Split.TRAIN);
    photos("c", 2, 3, Split.VALIDATION);

    assertThatThrownBy(() -> check(0.2, 0)).hasMessageContaining("class c: no image to train on");
  }

  @Test
  void the_digest_tells_labels_and_images_apart() throws Exception {
    photos("a", 0, 4, null);
    photos("b", 1, 4, null);
    String one = check(0.2, 0).digest();
    files.clear();
    photos("a", 0, 4, null);
    photos("c", 1, 4, null);

    assertThat(check(0.2, 0).digest()).isNotEqualTo(one);
  }

  private static Map<String, Split> splits(ImageData data) {
    Map<String, Split> splits = new TreeMap<>();
    data.images().forEach(image -> splits.put(image.file().name(), image.split()));
    return splits;
  }

  private void photos(String label, int kind, int count, @Nullable Split split) {
    for (int i = 0; i < count; i++) {
      add(label + "/" + i + ".jpg", label, split, ToyPhotos.jpeg(kind, i));
    }
  }

  private void add(String name, String label, @Nullable Split split, byte[] bytes) {
    files.add(new LabelledFile(name, label, split, () -> bytes));
  }

  private ImageData check(double validation, double tune) throws TrainingException {
    List<String> classes = files.stream().map(LabelledFile::label).distinct().toList();
    return new DataCheck(validation, tune)
        .check(new Listing("test", files, classes, List.of()), () -> {});
  }

  private static BufferedImage scaled(BufferedImage image, int width, int height) {
    BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = small.createGraphics();
    Image averaged = image.getScaledInstance(width, height, Image.SCALE_AREA_AVERAGING);
    graphics.drawImage(averaged, 0, 0, null);
    graphics.dispose();
    return small;
  }
}
