package dev.phistream.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.phistream.testkit.BrokerKit;
import dev.phistream.testkit.ProcessorProcess;
import dev.phistream.testkit.TinyModels;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Several instances of a replay, and one after the other. */
@Timeout(120)
@ExtendWith(BrokerKit.Extension.class)
class ReplayInstancesIT {
  private static final String LIVE_GROUP = "phistream";

  @TempDir private static Path models;

  private final BrokerKit kafka;
  private final ReplayBed bed;
  private final Admin admin;

  ReplayInstancesIT(BrokerKit kafka) {
    this.kafka = kafka;
    this.bed = new ReplayBed(kafka, models);
    this.admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()));
  }

  @BeforeAll
  static void small_networks() throws Exception {
    TinyModels.write(models, "small", -12);
    TinyModels.write(models, "large", -11);
  }

  @AfterEach
  void close() {
    admin.close();
  }

  @Test
  void two_share_the_work_beside_the_live_group_and_producers_and_both_end() throws Exception {
    bed.send(120);
    TopicPartition first = new TopicPartition(bed.topic, 0);
    Map<TopicPartition, OffsetAndMetadata> live = Map.of(first, new OffsetAndMetadata(7));
    admin.alterConsumerGroupOffsets(LIVE_GROUP, live).all().get(20, TimeUnit.SECONDS);
    String name = kafka.unique("shared");
    String[] arguments = {
      "--from=earliest", "--to=latest", "--variant=small", "--rate=10", "--json", "--name=" + name
    };

    CompletableFuture<CommandRun> one = CompletableFuture.supplyAsync(() -> bed.replay(arguments));
    CompletableFuture<CommandRun> other =
        CompletableFuture.supplyAsync(() -> bed.replay(arguments));
    Awaitility.await("both have partitions")
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                members(name).stream()
                        .filter(
                            member ->
                                member.assignment().topicPartitions().stream()
                                    .anyMatch(partition -> partition.topic().equals(bed.topic)))
                        .count()
                    == 2);
    kafka.send(IntStream.range(120, 150).mapToObj(bed::event).toList());

    CommandRun ended = one.get(60, TimeUnit.SECONDS);
    assertThat(ended.code()).as(ended.err()).isZero();
    CommandRun alsoEnded = other.get(60, TimeUnit.SECONDS);
    assertThat(alsoEnded.code()).as(alsoEnded.err()).isZero();
    JsonNode report = new ObjectMapper().readTree(ended.out());
    assertThat(report.path("labelled").longValue()).isEqualTo(120);
    assertThat(new ObjectMapper().readTree(alsoEnded.out())).isEqualTo(report);
    assertThat(bed.labelled()).isEqualTo(IntStream.range(0, 120).boxed().toList());
    assertThat(
            admin
                .listConsumerGroupOffsets(LIVE_GROUP)
                .partitionsToOffsetAndMetadata()
                .get(20, TimeUnit.SECONDS))
        .isEqualTo(live);
  }

  @Test
  void what_was_stopped_or_killed_goes_on_with_resume_until_it_is_finished() throws Exception {
    bed.send(300);
    String[] range = {"--from=earliest", "--to=latest", "--variant=small"};
    List<String> slowly =
        bed.arguments(
            "--from=earliest",
            "--to=latest",
            "--variant=small",
            "--rate=10",
            "--resume",
            "--set=kafka.session.timeout.ms=6000");
    try (ProcessorProcess stopped = ProcessorProcess.start(slowly, Map.of(), Map.of())) {
      awaitLabels(1, stopped);
      assertThat(stopped.terminate()).as(stopped.output()).isEqualTo(1);
    }
    int afterStop = bed.labels().size();
    try (ProcessorProcess killed = ProcessorProcess.start(slowly, Map.of(), Map.of())) {
      awaitLabels(afterStop + 1, killed);
      killed.kill();
    }
    assertThat(bed.labels()).hasSizeLessThan(300);

    CommandRun resumed =
        bed.replay("--from=earliest", "--to=latest", "--variant=small", "--resume");

    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(resumed.out()).contains("labelled     300");
    assertThat(bed.labelled()).isEqualTo(IntStream.range(0, 300).boxed().toList());
    CommandRun again = bed.replay(range);
    assertThat(again.err()).contains("finished already");
    assertThat(bed.labels()).hasSize(300);
  }

  @Test
  void one_that_was_begun_anew_elsewhere_stops() throws Exception {
    bed.send(90);
    List<String> slowly =
        bed.arguments("--from=earliest", "--to=latest", "--variant=small", "--rate=10");
    try (ProcessorProcess old = ProcessorProcess.start(slowly, Map.of(), Map.of())) {
      awaitLabels(1, old);

      CommandRun anew =
          bed.replay("--from=earliest", "--to=latest", "--variant=small", "--restart");

      assertThat(anew.code()).as(anew.err()).isZero();
      assertThat(anew.out()).contains("labelled     90");
      assertThat(old.awaitEnd()).isEqualTo(1);
      assertThat(old.output()).contains("was begun anew at");
    }
  }

  private void awaitLabels(int least, ProcessorProcess replay) {
    Awaitility.await("labels")
        .atMost(Duration.ofSeconds(60))
        .failFast("the replay runs", replay::checkAlive)
        .until(() -> labelledSoFar() >= least);
  }

  private int labelledSoFar() {
    try {
      return bed.labels().size();
    } catch (RuntimeException e) { // before there is an output topic
      return 0;
    }
  }

  private Collection<MemberDescription> members(String name) throws Exception {
    String group = "phistream-replay-" + name + "-1";
    try {
      return admin
          .describeConsumerGroups(List.of(group))
          .all()
          .get(20, TimeUnit.SECONDS)
          .values()
          .stream()
          .flatMap(description -> description.members().stream())
          .toList();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return List.of();
      }
      throw e;
    }
  }
}
