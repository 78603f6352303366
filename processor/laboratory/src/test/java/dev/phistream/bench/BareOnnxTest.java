package dev.phistream.bench;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phistream.model.ModelDirectory;
import dev.phistream.model.ModelException;
import dev.phistream.model.ModelExport;
import dev.phistream.model.Op;
import dev.phistream.testkit.TinyModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BareOnnxTest {
  @TempDir Path folder;

  @BeforeEach
  void write_a_model() throws Exception {
    TinyModels.write(folder, "tiny", -8);
  }

  @Test
  void a_file_that_was_cut_off_is_refused_by_name() throws Exception {
    Path file = export();
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 5000));

    assertThatThrownBy(() -> BareOnnx.open(file, 32, 1))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(file + ": ONNX Runtime cannot load it: ");
  }

  private Path export() throws Exception {
    return ModelExport.onnx(
            ModelDirectory.on(folder.resolve("tiny")).load(), Op.InputType.PIXELS, folder)
        .get(0);
  }
}
