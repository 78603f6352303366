package dev.phistream.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrueLabelsTest {
  private static final List<String> CLASSES = List.of("crane", "mug", "crane", "bee");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file,class_index,synset,name\na.jpg,3,n1,\"bee, honey\"\n",
        "name,file\nbee,a.jpg\n",
        "a.jpg,3\n",
        "a.jpg,bee\n",
        "file,label\n./sub/b.jpg,mug\na.jpg,bee\n",
      })
  void a_table_tells_the_class_by_number_or_name_with_or_without_a_heading(String table)
      throws Exception {
    assertThat(read(table).of(folder.resolve("a.jpg"))).isEqualTo(OptionalInt.of(3));
  }

  @Test
  void files_of_one_name_are_told_apart_by_their_folders() throws Exception {
    TrueLabels labels = read("file,index\none/a.jpg,1\ntwo/a.jpg,3\n");

    assertThat(labels.of(folder.resolve("one/a.jpg"))).isEqualTo(OptionalInt.of(1));
    assertThat(labels.of(folder.resolve("two/a.jpg"))).isEqualTo(OptionalInt.of(3));
    assertThat(labels.of(folder.resolve("a.jpg"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a.jpg,4 | row 1: a.jpg,4 (expected: a class's number from 0 to 3)",
        "a.jpg,owl | row 1: a.jpg,owl (expected: one of the model's classes, such as crane)",
        "a.jpg,crane | row 1: a.jpg,crane (expected: a column class_index; two classes have",
        "a.jpg | row 1: a.jpg (expected: as many cells as the first row)",
      })
  void what_is_no_class_of_the_model_is_refused_by_row(String table, String message) {
    assertThatThrownBy(() -> read(table))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining(message);
  }

  @Test
  void an_event_of_send_tells_its_file() throws Exception {
    TrueLabels labels = read("file,class_index\na-1.jpg,3\n");

    assertThat(labels.ofEvent("a-1.jpg-17-0a1b2c3d")).isEqualTo(OptionalInt.of(3));
    assertThat(labels.ofEvent("a-1.jpg")).isEqualTo(OptionalInt.of(3));
    assertThat(labels.ofEvent("b.jpg-17-0a1b2c3d")).isEmpty();
  }

  @Test
  void two_classes_for_one_file_are_refused() {
    assertThatThrownBy(() -> read("a.jpg,1\na.jpg,3\n"))
        .hasMessageEndingWith("row 2: a.jpg,3 (expected: one class for each file)");
  }

  private TrueLabels read(String table) throws Exception {
    return TrueLabels.read(Files.writeString(folder.resolve("labels.csv"), table), CLASSES);
  }
}
