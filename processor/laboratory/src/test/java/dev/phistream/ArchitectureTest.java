package dev.phistream;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.phistream.bench.BareOnnx;
import org.junit.jupiter.api.Test;

/** The house plan: which package may know which. */
class ArchitectureTest {
  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("dev.phistream");

  @Test
  void each_room_knows_only_the_rooms_below_it() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("schemas")
        .definedBy("dev.phistream.event..", "dev.phistream.schema..")
        .layer("image")
        .definedBy("dev.phistream.image..")
        .layer("model")
        .definedBy("dev.phistream.model..")
        .layer("repository")
        .definedBy("dev.phistream.repository..")
        .layer("inference")
        .definedBy("dev.phistream.inference..")
        .layer("batching")
        .definedBy("dev.phistream.batching..")
        .layer("latency")
        .definedBy("dev.phistream.latency..")
        .layer("metrics")
        .definedBy("dev.phistream.metrics..")
        .layer("pipeline")
        .definedBy("dev.phistream.pipeline..")
        .layer("trial")
        .definedBy("dev.phistream.trial..")
        .layer("routing")
        .definedBy("dev.phistream.routing..")
        .layer("planning")
        .definedBy("dev.phistream.planning..")
        .layer("wire")
        .definedBy("dev.phistream.wire..")
        .layer("topology")
        .definedBy("dev.phistream.topology..")
        .layer("failure")
        .definedBy("dev.phistream.failure..")
        .layer("config")
        .definedBy("dev.phistream.config..")
        .layer("kafka")
        .definedBy("dev.phistream.kafka..")
        .layer("broker")
        .definedBy("dev.phistream.broker..")
        .layer("client")
        .definedBy("dev.phistream.client..")
        .layer("plot")
        .definedBy("dev.phistream.plot..")
        .layer("weights")
        .definedBy("dev.phistream.weights..")
        .layer("cascade")
        .definedBy("dev.phistream.cascade..")
        .layer("training")
        .definedBy("dev.phistream.training..")
        .layer("drawing")
        .definedBy("dev.phistream.drawing..")
        .layer("runtime")
        .definedBy("dev.phistream.runtime..")
        .layer("replay")
        .definedBy("dev.phistream.replay..")
        .layer("bench")
        .definedBy("dev.phistream.bench..")
        .layer("app")
        .definedBy("dev.phistream.app..")
        .layer("lab")
        .definedBy("dev.phistream.lab..")
        .whereLayer("lab")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("app")
        .mayOnlyBeAccessedByLayers("lab")
        .whereLayer("bench")
        .mayOnlyBeAccessedByLayers("app", "lab")
        .whereLayer("replay")
        .mayOnlyBeAccessedByLayers("bench", "app", "lab")
        .whereLayer("plot")
        .mayOnlyBeAccessedByLayers("bench", "app", "lab")
        .whereLayer("runtime")
        .mayOnlyBeAccessedByLayers("replay", "bench", "app", "lab")
        .whereLayer("client")
        .mayOnlyBeAccessedByLayers("replay", "bench", "app", "lab")
        .whereLayer("weights")
        .mayOnlyBeAccessedByLayers("app", "lab")
        .whereLayer("cascade")
        .mayOnlyBeAccessedByLayers("training", "app", "lab")
        .whereLayer("training")
        .mayOnlyBeAccessedByLayers("drawing", "app", "lab")
        .whereLayer("drawing")
        .mayOnlyBeAccessedByLayers("lab")
        .whereLayer("broker")
        .mayOnlyBeAccessedByLayers("bench", "app", "lab")
        .whereLayer("kafka")
        .mayOnlyBeAccessedByLayers("client", "runtime", "replay", "bench", "app", "lab")
        .whereLayer("config")
        .mayOnlyBeAccessedByLayers("kafka", "client", "runtime", "replay", "bench", "app", "lab")
        .whereLayer("failure")
        .mayNotAccessAnyLayer()
        .whereLayer("topology")
        .mayOnlyBeAccessedByLayers("runtime", "replay", "bench", "app", "lab")
        .whereLayer("wire")
        .mayOnlyBeAccessedByLayers(
            "config", "topology", "client", "runtime", "replay", "bench", "app", "lab")
        .whereLayer("planning")
        .mayOnlyBeAccessedByLayers("bench", "app", "lab")
        .whereLayer("routing")
        .mayOnlyBeAccessedByLayers(
            "planning", "metrics", "topology", "runtime", "bench", "app", "lab")
        .whereLayer("trial")
        .mayOnlyBeAccessedByLayers("config", "metrics", "topology", "runtime")
        .whereLayer("pipeline")
        .mayOnlyBeAccessedByLayers("topology", "runtime", "replay", "bench", "app", "lab")
        .whereLayer("metrics")
        .mayOnlyBeAccessedByLayers("topology", "runtime", "bench", "app", "lab")
        .whereLayer("latency")
        .mayOnlyBeAccessedByLayers(
            "pipeline",
            "routing",
            "planning",
            "metrics",
            "topology",
            "runtime",
            "bench",
            "app",
            "lab")
        .whereLayer("batching")
        .mayOnlyBeAccessedByLayers(
            "latency", "pipeline", "planning", "runtime", "replay", "bench", "app", "lab")
        .whereLayer("inference")
        .mayOnlyBeAccessedByLayers(
            "pipeline", "training", "drawing", "runtime", "weights", "bench", "app", "lab")
        .whereLayer("repository")
        .mayOnlyBeAccessedByLayers(
            "training", "runtime", "replay", "weights", "bench", "app", "lab")
        .whereLayer("model")
        .mayOnlyBeAccessedByLayers(
            "repository",
            "inference",
            "training",
            "drawing",
            "weights",
            "pipeline",
            "runtime",
            "replay",
            "bench",
            "app",
            "lab")
        .check(CODE);
  }

  @Test
  void no_packages_depend_on_each_other_in_a_circle() {
    slices().matching("dev.phistream.(*)..").should().beFreeOfCycles().check(CODE);
  }

  @Test
  void nothing_is_static_and_mutable() {
    fields()
        .that()
        .areStatic()
        .and()
        .areDeclaredInClassesThat()
        .resideOutsideOfPackage("dev.phistream.event..")
        .should()
        .beFinal()
        .check(CODE);
  }

  @Test
  void the_schema_registry_stays_in_wire_and_kafka_streams_out_of_it() {
    classes()
        .that()
        .resideOutsideOfPackage("dev.phistream.wire..")
        .should()
        .onlyDependOnClassesThat()
        .resideOutsideOfPackages("io.apicurio..", "io.vertx..", "com.microsoft.kiota..")
        .check(CODE);
    classes()
        .that()
        .resideInAPackage("dev.phistream.wire..")
        .should()
        .onlyDependOnClassesThat()
        .resideOutsideOfPackage("org.apache.kafka.streams..")
        .check(CODE);
  }

  @Test
  void plots_know_nothing_of_the_house_and_nobody_else_knows_xchart() {
    classes()
        .that()
        .resideInAPackage("dev.phistream.plot..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.phistream.plot..", "java..", "org.knowm.xchart..", "org.jspecify.annotations..")
        .check(CODE);
    classes()
        .that()
        .resideOutsideOfPackage("dev.phistream.plot..")
        .should()
        .onlyDependOnClassesThat()
        .resideOutsideOfPackage("org.knowm.xchart..")
        .check(CODE);
  }

  @Test
  void camel_is_known_to_one_peer_alone() {
    classes()
        .that()
        .resideOutsideOfPackage("dev.phistream.bench.peer..")
        .should()
        .onlyDependOnClassesThat()
        .resideOutsideOfPackage("org.apache.camel..")
        .check(CODE);
  }

  @Test
  void engines_stay_where_networks_run_and_learn() {
    classes()
        .that()
        .resideOutsideOfPackages(
            "dev.phistream.inference..",
            "dev.phistream.training..",
            "dev.phistream.drawing..",
            "dev.phistream.bench.peer..")
        .should()
        .onlyDependOnClassesThat()
        .resideOutsideOfPackage("ai.djl..")
        .check(CODE);
    classes()
        .that()
        .resideOutsideOfPackage("dev.phistream.inference..")
        .and()
        .areNotAssignableTo(BareOnnx.class)
        .should()
        .onlyDependOnClassesThat()
        .resideOutsideOfPackage("ai.onnxruntime..")
        .check(CODE);
  }
}
