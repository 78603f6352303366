package dev.phistream.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.phistream.app.CommandRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class BenchImagesCommandTest {
  @Test
  @Timeout(240)
  void every_subject_is_measured_or_named_as_left_out(@TempDir Path directory) throws Exception {
    Path plot = directory.resolve("images.svg");

    CommandRun run =
        LaboratoryRun.of(
            "bench",
            "images",
            "--seconds-per-point=0.01",
            "--rounds=1",
            "--json",
            "--plot=" + plot);

    assertThat(run.code()).as(run.err()).isZero();
    JsonNode report = new ObjectMapper().readTree(run.out());
    Set<String> points = new HashSet<>();
    for (JsonNode point : report.get("points")) {
      points.add(point.get("subject").asText() + " " + point.get("kind").asText());
      assertThat(point.get("imagesPerSecond").get("median").asDouble()).isPositive();
    }
    assertThat(points)
        .contains("PHISTREAM JPEG", "PHISTREAM LARGE_JPEG", "PHISTREAM PNG")
        .contains("PHISTREAM_FAST LARGE_JPEG", "PHISTREAM_JDK JPEG", "IMAGE_IO PNG");
    assertThat(
            points.contains("PILLOW JPEG")
                || report.get("notMeasured").toString().contains("Pillow"))
        .isTrue();
    // Its text is drawn as shapes, so that no word of it can be looked for.
    assertThat(Files.readString(plot)).startsWith("<?xml").contains("<svg", "<path");
  }

  @Test
  void a_folder_without_photographs_is_named(@TempDir Path empty) {
    CommandRun run = LaboratoryRun.of("bench", "images", "--images=" + empty);

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains(empty + ": no JPEG files (expected: *.jpg or *.jpeg)");
  }

  @Test
  void rounds_out_of_range_are_misuse() {
    CommandRun run = LaboratoryRun.of("bench", "images", "--rounds=0");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--rounds: 0 (expected: 1 to 100)");
  }
}
