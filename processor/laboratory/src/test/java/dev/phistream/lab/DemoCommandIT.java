package dev.phistream.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.app.CommandRun;
import dev.phistream.testkit.EncodedImages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class DemoCommandIT {
  private static final Pattern ACCURACY_TIER =
      Pattern.compile("(?m)^accuracy +\\S+ +(\\d+) +(\\d+\\.\\d) %.*$");

  @TempDir private Path folder;

  @Test
  void the_bundled_images_are_labelled_by_all_tiers_at_least_95_percent_right_in_accuracy() {
    CommandRun run = LaboratoryRun.of("demo", "--exit");

    assertThat(run.code()).as(run.err()).isZero();
    Matcher accuracy = ACCURACY_TIER.matcher(run.out());
    assertThat(accuracy.find()).as(run.out()).isTrue();
    assertThat(Integer.parseInt(accuracy.group(1))).isEqualTo(40);
    assertThat(Double.parseDouble(accuracy.group(2))).isGreaterThanOrEqualTo(95);
    assertThat(run.out()).contains("120 labelled, 0 dead letters, 0 not sent, 0 without an answer");
  }

  @Test
  void an_image_without_a_label_is_told_and_makes_it_fail() throws Exception {
    Files.write(folder.resolve("good.jpg"), EncodedImages.jpeg(64, 64, 1));
    Files.writeString(folder.resolve("bad.jpg"), "no image");

    CommandRun run = LaboratoryRun.of("demo", "--exit", "--images", folder.toString());

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).contains("3 labelled, 3 dead letters, 0 not sent, 0 without an answer");
    assertThat(run.err()).contains("dead letter bad.jpg: image-unsupported: text: 'no image'");
  }

  @Test
  void a_folder_without_images_is_named() {
    CommandRun run = LaboratoryRun.of("demo", "--exit", "--images", folder.toString());

    assertThat(run.code()).isEqualTo(1);
    assertThat(List.of(run.err().split("\\R")))
        .singleElement()
        .asString()
        .contains(folder.toString(), "no images");
  }
}
