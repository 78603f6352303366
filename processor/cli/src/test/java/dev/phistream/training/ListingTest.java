package dev.phistream.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How users may lay out their images. */
class ListingTest {
  @TempDir private Path place;

  @Test
  @SuppressWarnings("NullAway") // an image without a split
  void a_folder_for_each_class() throws Exception {
    files("cat/1.jpg", "cat/more/2.PNG", "dog/1.webp");

    Listing listing = Listing.of(place);

    assertThat(listing.classes()).containsExactly("cat", "dog");
    assertThat(listing.files())
        .extracting(LabelledFile::name, LabelledFile::label, LabelledFile::split)
        .containsExactly(
            tuple("cat/1.jpg", "cat", null),
            tuple("cat/more/2.PNG", "cat", null),
            tuple("dog/1.webp", "dog", null));
  }

  @Test
  void train_and_val_folders_say_what_images_are_for() throws Exception {
    files("train/cat/1.jpg", "train/dog/1.jpg", "val/cat/2.jpg", "val/dog/2.jpg");

    assertThat(Listing.of(place).files())
        .extracting(LabelledFile::label, LabelledFile::split)
        .containsExactlyInAnyOrder(
            tuple("cat", Split.TRAIN),
            tuple("dog", Split.TRAIN),
            tuple("cat", Split.VALIDATION),
            tuple("dog", Split.VALIDATION));
  }

  @Test
  void beside_a_test_folder_val_chooses_and_test_measures() throws Exception {
    files("train/cat/1.jpg", "val/cat/2.jpg", "test/cat/3.jpg");

    assertThat(Listing.of(place).files())
        .extracting(LabelledFile::name, LabelledFile::split)
        .containsExactlyInAnyOrder(
            tuple("train/cat/1.jpg", Split.TRAIN),
            tuple("val/cat/2.jpg", Split.TUNE),
            tuple("test/cat/3.jpg", Split.VALIDATION));
  }

  @Test
  void classes_called_train_and_bus_are_classes() throws Exception {
    files("train/1.jpg", "bus/1.jpg");

    assertThat(Listing.of(place).classes()).containsExactly("bus", "train");
  }

  @Test
  void a_table_names_files_beside_it() throws Exception {
    files("a/1.jpg", "b/2.jpg");
    Path table = place.resolve("labels.csv");
    Files.writeString(table, "label,file,split\ncat, a/1.jpg ,train\ndog,b/2.jpg,val\n");

    Listing listing = Listing.of(table);

    assertThat(listing.files())
        .extracting(LabelledFile::name, LabelledFile::label, LabelledFile::split)
        .containsExactly(
            tuple("a/1.jpg", "cat", Split.TRAIN), tuple("b/2.jpg", "dog", Split.VALIDATION));
    assertThat(listing.files().get(0).content().read()).isEqualTo(new byte[] {1});
  }

  @Test
  void a_table_without_a_heading_has_file_and_label() throws Exception {
    Path table = place.resolve("labels.csv");
    Files.writeString(table, "1.jpg,cat\n2.jpg,dog\n");

    assertThat(Listing.of(place).files())
        .extracting(LabelledFile::name, LabelledFile::label)
        .containsExactly(tuple("1.jpg", "cat"), tuple("2.jpg", "dog"));
  }

  @Test
  void hidden_files_are_not_seen_and_other_files_are_counted() throws Exception {
    files("cat/1.jpg", "cat/.2.jpg", "cat/notes.txt", ".git/3.jpg", "__MACOSX/cat/4.jpg");

    Listing listing = Listing.of(place);

    assertThat(listing.files()).hasSize(1);
    assertThat(listing.passedOver()).containsExactly("cat/notes.txt");
  }

  @Test
  void a_row_without_a_label_is_named_with_its_line() throws Exception {
    Path table = place.resolve("labels.csv");
    Files.writeString(table, "file,label\n1.jpg,cat\n2.jpg,\n");

    assertThatThrownBy(() -> Listing.of(table))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("line 3: '2.jpg,' (expected: file,label");
  }

  @Test
  void an_unknown_split_is_named() throws Exception {
    Path table = place.resolve("labels.csv");
    Files.writeString(table, "file,label,split\n1.jpg,cat,maybe\n");

    assertThatThrownBy(() -> Listing.of(table))
        .hasMessageContaining("line 2: split maybe (expected: train, tune or val)");
  }

  @Test
  void a_place_that_is_not_there_is_named() {
    assertThatThrownBy(() -> Listing.of(place.resolve("nothing")))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("nothing: no such file or folder (expected: a folder");
  }

  private static Tuple tuple(Object... values) {
    return Tuple.tuple(values);
  }

  private void files(String... names) throws IOException {
    for (String name : List.of(names)) {
      Path file = place.resolve(name);
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Files.write(file, new byte[] {1});
    }
  }
}
