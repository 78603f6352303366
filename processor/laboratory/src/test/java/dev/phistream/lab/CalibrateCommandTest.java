package dev.phistream.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.app.CommandRun;
import dev.phistream.config.Settings;
import dev.phistream.config.SettingsLoader;
import dev.phistream.drawing.SyntheticImages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Few images: whether it fits and reports, not what comes out on thousands. */
class CalibrateCommandTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void it_prints_curve_and_figures_and_writes_settings_that_a_processor_takes() throws Exception {
    Path settings = folder.resolve("cascade.yaml");
    Path plot = folder.resolve("curve.svg");

    CommandRun run =
        calibrate(
            "--synthetic", "--count=400", "--within=8", "--out=" + settings, "--plot=" + plot);

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("temperature ", "on the 200 images of the fit:", "on 200 other images:")
        .contains("chosen")
        .endsWith(Files.readString(settings));
    assertThat(Files.readString(plot)).startsWith("<?xml").contains("<svg ");
    Settings config = new SettingsLoader().withFile(settings).load();
    assertThat(config.tiers().accuracy().cascade().small()).contains("phi-11");
    assertThat(config.tiers().accuracy().cascade().threshold()).isBetween(0.05, 1.0);
    assertThat(config.tiers().accuracy().cascade().temperature()).isBetween(0.2, 5.0);
  }

  @Test
  void images_in_folders_of_their_classes_will_do() throws Exception {
    for (int i = 0; i < 20; i++) {
      Path ofClass = folder.resolve("images").resolve(SyntheticImages.subject(i).label());
      Files.createDirectories(ofClass);
      Files.write(ofClass.resolve(i + ".jpg"), new SyntheticImages(5).jpeg(i));
    }

    CommandRun run = calibrate("--images=" + folder.resolve("images"), "--within=100");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("on the 10 images of the fit:", "small: phi-11");
  }

  @Test
  void an_amount_of_compute_is_kept_to() throws Exception {
    CommandRun run = calibrate("--synthetic", "--count=400", "--within=8", "--compute=75");

    assertThat(run.code()).as(run.err()).isZero();
    Matcher chosen = Pattern.compile("([0-9.]+) % +chosen").matcher(run.out());
    assertThat(chosen.find()).as(run.out()).isTrue();
    assertThat(Double.parseDouble(chosen.group(1))).isBetween(45.0, 75.0);
  }

  @Test
  void a_table_of_labels_will_do() throws Exception {
    StringBuilder table = new StringBuilder("file,label\n");
    Path pictures = Files.createDirectories(folder.resolve("pictures"));
    for (int i = 0; i < 20; i++) {
      Files.write(pictures.resolve(i + ".jpg"), new SyntheticImages(5).jpeg(i));
      table.append(i + ".jpg," + SyntheticImages.subject(i).label() + "\n");
    }
    Path labels = Files.writeString(folder.resolve("labels.csv"), table);

    CommandRun run = calibrate("--images=" + pictures, "--labels=" + labels, "--within=100");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("on the 10 images of the fit:", "small: phi-11");
  }

  @Test
  void too_few_images_are_refused_with_how_many_it_takes() throws Exception {
    CommandRun run = calibrate("--synthetic", "--count=80");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err())
        .contains(
            "--within: 0.3 points: 40 images are too few to tell (expected: at least 1228 for the"
                + " fit, twice that in all, or a larger --within)");
  }

  @Test
  void a_compute_that_no_cascade_has_is_refused() {
    CommandRun run =
        LaboratoryRun.of(
            "calibrate", "--small=phi-11", "--large=phi-7", "--synthetic", "--compute=170");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--compute: 170.0 (expected: above 0, at most 100)");
  }

  @Test
  void a_folder_that_is_no_class_is_named() throws Exception {
    Path ofClass = Files.createDirectories(folder.resolve("unicorn"));
    Files.write(ofClass.resolve("1.jpg"), new SyntheticImages(5).jpeg(0));

    CommandRun run = calibrate("--images=" + folder);

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("1.jpg: class unicorn (expected: one of the model's, such as");
  }

  @Test
  void the_small_model_must_be_the_smaller_one() {
    CommandRun run = LaboratoryRun.of("calibrate", "--small=phi-7", "--large=phi-9", "--synthetic");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("--small: phi-7 computes no less than phi-9");
  }

  private static CommandRun calibrate(String... options) {
    String[] all = new String[options.length + 3];
    all[0] = "calibrate";
    all[1] = "--small=phi-11";
    all[2] = "--large=phi-7";
    System.arraycopy(options, 0, all, 3, options.length);
    return LaboratoryRun.of(all);
  }
}
