package dev.phistream.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phistream.testkit.SharedData;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassNamesTest {
  @TempDir Path folder;

  @Test
  void imagenet_has_its_thousand_classes_in_the_standard_order() {
    assertThat(ClassNames.imagenet1k()).hasSize(1000);
    assertThat(ClassNames.imagenet1k().get(0)).isEqualTo("tench");
    assertThat(ClassNames.imagenet1k().get(281)).isEqualTo("tabby");
    assertThat(ClassNames.imagenet1k().get(999)).isEqualTo("toilet tissue");
  }

  @Test
  void imagenets_table_says_the_same() throws Exception {
    assertThat(ClassNames.read(SharedData.at("imagenet-classes.csv")))
        .isEqualTo(ClassNames.imagenet1k());
  }

  @Test
  void a_file_has_one_name_a_line() throws Exception {
    assertThat(ClassNames.read(file("a.txt", "tench, Tinca tinca\r\n Bär\n日本\n\n")))
        .containsExactly("tench, Tinca tinca", "Bär", "日本");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1,bee\n0,ant\n2,\"cat, tame\"\n",
        "index,name\n0,ant\n1,bee\n2,\"cat, tame\"",
        "class_index,synset,name\n0,n1,ant\n1,n2,bee\n2,n3,\"cat, tame\"\n",
      })
  void a_table_has_index_and_name(String table) throws Exception {
    assertThat(ClassNames.read(file("a.csv", table))).containsExactly("ant", "bee", "cat, tame");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0,ant\n2,bee\n", "0,ant\n0,bee\n", "0,ant\nx,bee\n", "0\n1\n"})
  void a_table_with_gaps_or_repeats_is_refused_by_line(String table) {
    assertThatThrownBy(() -> ClassNames.read(file("a.csv", table)))
        .isInstanceOf(RepositoryException.class)
        .hasMessageMatching(
            ".*a.csv: line \\d: '.*' \\(expected: index,name with each index from 0 to 1 once\\)");
  }

  @Test
  void a_class_without_a_name_is_refused() {
    assertThatThrownBy(() -> ClassNames.read(file("a.txt", "ant\n\ncat\n")))
        .isInstanceOf(RepositoryException.class)
        .hasMessageContaining("class 1 has no name");
  }

  @Test
  void a_file_that_is_not_there_or_no_text_is_refused() throws Exception {
    assertThatThrownBy(() -> ClassNames.read(folder.resolve("none.txt")))
        .isInstanceOf(RepositoryException.class)
        .hasMessageContaining("none.txt: not readable");
    Path latin = Files.write(folder.resolve("latin.txt"), new byte[] {'B', (byte) 0xe4, 'r'});
    assertThatThrownBy(() -> ClassNames.read(latin))
        .isInstanceOf(RepositoryException.class)
        .hasMessageContaining("not UTF-8");
  }

  private Path file(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text);
  }
}
