package dev.phistream.repository;

import static dev.phistream.testkit.PublishedModels.path;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phistream.image.Preprocessing;
import dev.phistream.model.CompoundScaling;
import dev.phistream.model.Model;
import dev.phistream.model.ModelException;
import dev.phistream.model.Padding;
import dev.phistream.model.Safetensors;
import dev.phistream.model.Scaling;
import dev.phistream.model.Tensor;
import dev.phistream.testkit.FakeHub;
import dev.phistream.testkit.PublishedModels;
import dev.phistream.testkit.TinyModels;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A tiny network's weights, published by a server on this machine. */
@Timeout(60)
class ModelPullTest {
  private static final String ID = "tiny.test";
  private static final ModelPull.PullOptions OPTIONS =
      new ModelPull.PullOptions("phi-8", null, TinyModels.CLASSES);
  private static final PullListener NOBODY =
      new PullListener() {
        @Override
        public void received(String file, long received, long total) {}

        @Override
        public void retrying(String reason, Duration pause) {}
      };

  @TempDir Path directory;
  private final byte[] weights = PublishedModels.tinyWeights();
  private final byte[] config = PublishedModels.config("tf_efficientnet_b0", 73, 3);
  private FakeHub hub;
  private ModelRepository repository;

  @BeforeEach
  void start() throws Exception {
    hub = FakeHub.start();
    repository = new ModelRepository(directory.resolve("models"));
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  @Test
  void a_configuration_without_an_end_is_given_up_and_leaves_nothing_on_the_disk() {
    PublishedModels.publish(hub, ID, config, weights);
    hub.on(
        path(ID, "config.json"),
        exchange -> {
          exchange.sendResponseHeaders(200, 0); // of any length
          byte[] some = new byte[1 << 16];
          for (int i = 0; i < 1000; i++) {
            exchange.getResponseBody().write(some);
          }
        });

    assertThatThrownBy(() -> pull(OPTIONS))
        .isInstanceOf(RepositoryException.class)
        .hasMessageContaining("more than 1048576 bytes");
    assertThat(repository.downloads(ID).resolve("config.json.part")).doesNotExist();
  }

  @Test
  void a_published_set_is_ready_to_be_served() throws Exception {
    PublishedModels.publish(hub, ID, config, weights);

    ModelPull.Pulled pulled = pull(OPTIONS);

    Model model = repository.model(ID).load();
    assertThat(model.card()).hasToString(pulled.imported().card().toString());
    assertThat(model.card().variant()).isEqualTo("phi-8");
    assertThat(model.card().preprocessing())
        .isEqualTo(
            new Preprocessing(73, 0.9, List.of(0.5f, 0.4f, 0.3f), List.of(0.2f, 0.25f, 0.3f)));
    assertThat(model.card().conventions()).isEqualTo(Catalogue.TENSORFLOW);
    assertThat(model.labels()).isEqualTo(TinyModels.CLASSES);
    assertThat(model.card().weightsDigest())
        .isEqualTo(DigestUtils.sha256Hex(weights))
        .isEqualTo(pulled.comparedDigest());
    assertThat(repository.ids()).containsExactly(ID);
    assertThat(repository.downloads(ID)).doesNotExist();
  }

  @Test
  void the_resolution_is_that_of_the_set_and_not_of_the_variant() throws Exception {
    PublishedModels.publish(hub, ID, PublishedModels.config("efficientnet_b0", 64, 3), weights);

    Model model = pullAndLoad();

    Scaling tiny = CompoundScaling.EFFICIENT_NET.at(PublishedModels.PHI);
    assertThat(model.card().scaling()).isEqualTo(new Scaling(tiny.width(), tiny.depth(), 64));
    assertThat(model.card().conventions().padding()).isEqualTo(Padding.SYMMETRIC);
  }

  @Test
  void weights_that_come_in_pieces_come_whole() throws Exception {
    PublishedModels.publish(hub, ID, config, weights);
    hub.on("/cdn/" + ID, FakeHub.cutAfter(weights.length / 3, weights, "\"w\""));

    assertThat(pullAndLoad().card().weightsDigest()).isEqualTo(DigestUtils.sha256Hex(weights));
  }

  @Test
  void weights_with_another_digest_than_the_hub_names_are_refused() throws Exception {
    PublishedModels.publish(hub, ID, config, weights);
    byte[] damaged = weights.clone();
    damaged[damaged.length - 1] ^= 1;
    hub.on("/cdn/" + ID, FakeHub.file(damaged, "\"w\""));

    assertThatThrownBy(() -> pull(OPTIONS))
        .isInstanceOf(RepositoryException.class)
        .hasMessageContaining("SHA-256 is " + DigestUtils.sha256Hex(damaged))
        .hasMessageContaining("expected: " + DigestUtils.sha256Hex(weights));
    assertThat(repository.ids()).isEmpty();
  }

  @Test
  void weights_with_another_digest_than_the_user_names_are_refused() throws Exception {
    PublishedModels.publish(hub, ID, config, weights);
    String other = DigestUtils.sha256Hex("other");

    assertThatThrownBy(() -> pull(new ModelPull.PullOptions("phi-8", other, TinyModels.CLASSES)))
        .isInstanceOf(RepositoryException.class)
        .hasMessageContaining("expected: " + other);
    assertThatThrownBy(() -> pull(new ModelPull.PullOptions("phi-8", "abc", TinyModels.CLASSES)))
        .hasMessage("sha256: abc (expected: 64 hexadecimal digits)");
  }

  @Test
  void truncated_weights_are_refused_with_the_name_of_a_tensor_and_fetched_anew() throws Exception {
    PublishedModels.publish(hub, ID, config, weights);
    byte[] truncated = Arrays.copyOf(weights, weights.length - 4);
    hub.on(path(ID, "model.safetensors"), FakeHub.plain(truncated));

    assertThatThrownBy(() -> pull(OPTIONS))
        .isInstanceOf(ModelException.class)
        .hasMessageMatching(".*: tensor classifier.bias lies at bytes .* cut off or damaged\\)");
    assertThat(repository.ids()).isEmpty();

    hub.on(path(ID, "model.safetensors"), FakeHub.plain(weights));
    assertThat(pull(OPTIONS).comparedDigest()).isNull();
  }

  @Test
  void foreign_tensors_are_refused_by_name() throws Exception {
    Map<String, Tensor> tensors =
        TinyModels.tensors(
            TinyModels.network(CompoundScaling.EFFICIENT_NET.at(PublishedModels.PHI)), 3);
    tensors.put("fc.bias", Tensor.vector(1, 2));
    PublishedModels.publish(hub, ID, config, Safetensors.write(tensors, Safetensors.Precision.F32));

    assertThatThrownBy(() -> pull(OPTIONS))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("tensor fc.bias of shape [2] belongs to another network");
    assertThat(repository.ids()).isEmpty();
  }

  @Test
  void a_page_of_a_portal_is_no_config() throws Exception {
    hub.on(path(ID, "config.json"), FakeHub.plain("<html>Log in".getBytes(UTF_8)));

    assertThatThrownBy(() -> pull(OPTIONS))
        .isInstanceOf(ModelException.class)
        .hasMessageEndingWith(": no JSON (expected: the config.json of a timm model)");
  }

  @Test
  void an_id_that_is_not_there_is_told_with_what_there_is() throws Exception {
    assertThatThrownBy(() -> pull(OPTIONS))
        .isInstanceOf(RepositoryException.class)
        .hasMessage(
            "%s: status 404; there is no %s (expected: one of phistream models list --available)"
                .formatted(hub.at(path(ID, "config.json")), ID));
    hub.on(path(ID, "config.json"), FakeHub.status(401));
    assertThatThrownBy(() -> pull(OPTIONS)).hasMessageContaining("or it is not for everybody");
  }

  @Test
  void without_a_network_the_way_by_hand_is_told() throws Exception {
    hub.close();

    assertThatThrownBy(() -> pull(OPTIONS))
        .isInstanceOf(RepositoryException.class)
        .hasMessageContaining("cannot be reached")
        .hasMessageContaining(hub.at(path(ID, "model.safetensors")).toString())
        .hasMessageEndingWith(
            "use: phistream models import model.safetensors --id tiny.test --config config.json");
  }

  @Test
  void an_address_that_is_none_is_refused() throws Exception {
    for (String address : List.of("ftp://127.0.0.1/x", "file:///tmp", "models", "http:/x")) {
      assertThatThrownBy(() -> pull(URI.create(address), OPTIONS))
          .isInstanceOf(RepositoryException.class)
          .hasMessageStartingWith("source: " + address + " (expected: an address with http");
    }
  }

  @Test
  void an_id_cannot_lead_out_of_the_repository() throws Exception {
    ModelPull puller = puller(hub.at("/timm"));
    for (String id : List.of("../x", "a/b", ".hidden", "")) {
      assertThatThrownBy(() -> puller.pull(id, ModelPull.PullOptions.NONE, NOBODY))
          .isInstanceOf(RepositoryException.class)
          .hasMessageStartingWith("id: '" + id + "' (expected: letters, digits");
    }
    assertThat(hub.requests()).isEmpty();
  }

  @Test
  void a_second_pull_of_the_same_id_is_refused_and_the_first_ends_well() throws Exception {
    PublishedModels.publish(hub, ID, config, weights);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    hub.on(
        "/cdn/" + ID,
        exchange -> {
          begun.countDown();
          awaitQuietly(goOn);
          FakeHub.plain(weights).answer(exchange);
        });

    CompletableFuture<ModelPull.Pulled> first =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return pull(OPTIONS);
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
    assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
    assertThatThrownBy(() -> pull(OPTIONS))
        .isInstanceOf(RepositoryException.class)
        .hasMessageContaining("tiny.test: another pull of it runs");
    goOn.countDown();
    first.get(30, TimeUnit.SECONDS);

    assertThat(repository.model(ID).load().card().weightsDigest())
        .isEqualTo(DigestUtils.sha256Hex(weights));
  }

  @Test
  void pulling_again_replaces_the_model_and_a_failure_leaves_it() throws Exception {
    PublishedModels.publish(hub, ID, config, weights);
    pull(OPTIONS);
    hub.on("/cdn/" + ID, FakeHub.status(404));

    assertThatThrownBy(() -> pull(OPTIONS)).isInstanceOf(RepositoryException.class);
    assertThat(repository.model(ID).load().card().id()).isEqualTo(ID);

    PublishedModels.publish(hub, ID, PublishedModels.config("efficientnet_b0", 64, 3), weights);
    assertThat(pullAndLoad().card().preprocessing().size()).isEqualTo(64);
  }

  @Test
  void a_repository_that_cannot_be_made_is_named() throws Exception {
    PublishedModels.publish(hub, ID, config, weights);
    Path occupied = Files.writeString(directory.resolve("file"), "no directory");
    repository = new ModelRepository(occupied);

    assertThatThrownBy(() -> pull(OPTIONS))
        .isInstanceOf(RepositoryException.class)
        .hasMessageStartingWith(occupied.toString())
        .hasMessageContaining("not writable");
  }

  private ModelPull.Pulled pull(ModelPull.PullOptions options) throws Exception {
    return pull(hub.at("/timm"), options);
  }

  private ModelPull.Pulled pull(URI source, ModelPull.PullOptions options) throws Exception {
    return puller(source).pull(ID, options, NOBODY);
  }

  private ModelPull puller(URI source) throws RepositoryException {
    return new ModelPull(repository, source, RetryPolicy.DEFAULT, pause -> {});
  }

  private Model pullAndLoad() throws Exception {
    pull(OPTIONS);
    return repository.model(ID).load();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
