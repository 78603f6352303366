package dev.phistream.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phistream.testkit.FakeHub;
import dev.phistream.testkit.Photographs.Network;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotoModelsTest {
  private static final PullListener QUIET =
      new PullListener() {
        @Override
        public void received(String file, long received, long total) {}

        @Override
        public void retrying(String reason, Duration pause) {}
      };

  @TempDir Path folder;
  private ModelRepository repository;
  private PhotoModels models;

  @BeforeEach
  void an_empty_repository() {
    repository = new ModelRepository(folder.resolve("models"));
    models = new PhotoModels(repository, RetryPolicy.DEFAULT, pause -> {});
  }

  @Test
  void without_files_it_says_which_to_put_where() {
    assertThatThrownBy(() -> models.ensure(Optional.empty(), QUIET))
        .isInstanceOf(RepositoryException.class)
        .hasMessageContaining(
            "(expected: put mobilenet_v1_0.25_128.safetensors, mobilenet_v1_0.5_160.safetensors,"
                + " mobilenet_v2_1.0_224.safetensors into a folder and use --models-from FOLDER");
  }

  @Test
  void a_folder_that_lacks_one_is_told_so() throws Exception {
    Files.writeString(folder.resolve("mobilenet_v1_0.5_160.safetensors"), "any");

    assertThatThrownBy(() -> models.ensure(Optional.of(folder.toString()), QUIET))
        .hasMessage(
            "--models-from: %s lacks mobilenet_v1_0.25_128.safetensors, mobilenet_v2_1.0_224.safetensors (expected: these files there, as published)"
                .formatted(folder));
  }

  @Test
  void from_a_folder_once_and_from_nowhere_afterwards() throws Exception {
    Path weights = Network.SMALL.weights().getParent();

    models.ensure(Optional.of(String.valueOf(weights)), QUIET);
    models.ensure(Optional.empty(), QUIET);

    for (Network network : Network.values()) {
      assertThat(repository.model(network.id()).load().card().variant())
          .isEqualTo(network.variant());
    }
  }

  @Test
  void from_a_mirror() throws Exception {
    try (FakeHub hub = FakeHub.start()) {
      for (Network network : Network.values()) {
        hub.on(
            "/mirror/" + network.id() + ".safetensors",
            FakeHub.file(Files.readAllBytes(network.weights()), "\"tag\""));
      }

      models.ensure(Optional.of(hub.at("/mirror/").toString()), QUIET);
    }

    assertThat(repository.ids()).containsExactlyElementsOf(PhotoModels.IDS);
  }
}
