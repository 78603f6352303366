package dev.phistream.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.phistream.batching.BatchPolicy;
import dev.phistream.event.Tier;
import dev.phistream.routing.BrownoutPolicy;
import dev.phistream.routing.TierPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * How many instances a load needs. An instance has two cores with a worker each; a image takes 2 ms
 * of decoding, 1 ms in the small variant and 6 ms in the large one. So it does 667 small ones a
 * second, or 250 large ones.
 */
class PlannerTest {
  private static final MeasuredBatches BATCHES =
      new MeasuredBatches(
          Map.of(
              "small", Map.of(1, BatchTime.exactly(1), 8, BatchTime.exactly(8)),
              "large", Map.of(1, BatchTime.exactly(6), 8, BatchTime.exactly(48))));
  private static final TierMix LATENCY = TierMix.parse("latency=100");
  private static final BrownoutPolicy BROWNOUT =
      new BrownoutPolicy(Duration.ofSeconds(1), 0.5, 0.01);

  @Test
  void an_instance_carries_what_its_cores_can_compute() {
    assertThat(new Planner(request("100", LATENCY, policy(List.of("small")))).capacity())
        .isCloseTo(2000 / 3.0, within(0.1));
    assertThat(
            new Planner(
                    request(
                        "100", TierMix.parse("latency=50,accuracy=50"), policy(List.of("small"))))
                .capacity())
        .isCloseTo(2000 / 5.5, within(0.1));
  }

  @Test
  void what_a_batch_only_waits_for_leaves_the_cores_to_others() {
    PlanRequest q = request("100", LATENCY, policy(List.of("small")));
    MeasuredBatches halfOnCore =
        new MeasuredBatches(
            Map.of(
                "small",
                Map.of(1, new BatchTime(1, 1, 1, 1, 0.5), 8, new BatchTime(8, 8, 8, 8, 0.5))));
    PlanRequest other = q.with(q.instance(), halfOnCore);

    assertThat(new Planner(other).capacity()).isCloseTo(2000 / 2.5, within(0.1));
    assertThat(InstanceTrial.run(other, 400, 4).cores()).isCloseTo(400 * 2.5 / 2000, within(0.02));
    assertThat(InstanceTrial.run(q, 400, 4).cores()).isCloseTo(400 * 3 / 2000.0, within(0.02));
  }

  @Test
  void threads_that_wait_for_a_core_when_they_are_woken_make_an_idle_instance_slower() {
    PlanRequest atOnce = request("100", LATENCY, policy(List.of("small")));
    PlanRequest later = with(atOnce, twoCores(TimeSample.exactly(2), TimeSample.exactly(1)));

    TierOutcome awake = tier(InstanceTrial.run(atOnce, 1, 4));
    TierOutcome woken = tier(InstanceTrial.run(later, 1, 4));

    // The stream thread, a decoder and a device.
    assertThat(woken.p50Millis()).isCloseTo(awake.p50Millis() + 3, within(0.1));
    assertThat(woken.stages().waiting().mean())
        .isCloseTo(awake.stages().waiting().mean() + 3, within(0.1));
  }

  @Test
  void threads_that_are_at_work_are_not_woken() {
    Instance oneDecoder =
        new Instance(
            new InstanceDevices(InstanceDevices.Kind.GPU, 1),
            8,
            1,
            1,
            32,
            TimeSample.exactly(2),
            0,
            TimeSample.exactly(1));

    // A image takes 2 ms; with 1 ms more for each, 333 a second would be the most.
    Outcome outcome =
        InstanceTrial.run(
            with(request("100", LATENCY, policy(List.of("small"))), oneDecoder), 450, 4);

    assertThat(tier(outcome).keepsUp()).isTrue();
  }

  @Test
  void images_take_unlike_times_to_decode() {
    PlanRequest alike = request("100", LATENCY, policy(List.of("small")));
    PlanRequest unlike = with(alike, twoCores(new TimeSample(List.of(1.0, 3.0)), TimeSample.NONE));

    TierOutcome tier = tier(InstanceTrial.run(unlike, 1, 4));

    assertThat(tier.stages().decoding().mean()).isCloseTo(2, within(0.3));
    assertThat(tier.stages().decoding().p99()).isCloseTo(3, within(0.1));
    assertThat(new Planner(unlike).capacity()).isEqualTo(new Planner(alike).capacity());
  }

  @Test
  void a_time_is_drawn_from_the_sample() {
    TimeSample sample = new TimeSample(List.of(3.0, 1.0));

    assertThat(sample.nanosAt(0)).isEqualTo(1_000_000);
    assertThat(sample.nanosAt(0.49)).isEqualTo(1_000_000);
    assertThat(sample.nanosAt(0.5)).isEqualTo(3_000_000);
    assertThat(sample.nanosAt(1)).isEqualTo(3_000_000);
    assertThat(sample.mean()).isEqualTo(2);
    assertThat(sample.times(2)).isEqualTo(new TimeSample(List.of(2.0, 6.0)));
    assertThat(TimeSample.of(List.of(sample, TimeSample.exactly(2))).millis())
        .containsExactly(1.0, 2.0, 3.0);
    assertThat(new TimeSample(List.of(1.0, 2.0, 3.0, 4.0, 5.0, 6.0)).thinned(2).millis())
        .containsExactly(2.0, 5.0);
    assertThat(sample.thinned(2)).isEqualTo(sample);
    assertThat(TimeSample.NONE.nanosAt(0.5)).isZero();
    assertThatIllegalArgumentException().isThrownBy(() -> new TimeSample(List.of(-1.0)));
    assertThatIllegalArgumentException().isThrownBy(() -> new TimeSample(List.of()));
  }

  @Test
  void the_stages_of_a_tier_add_up_to_its_time() {
    TierOutcome tier =
        tier(InstanceTrial.run(request("100", LATENCY, policy(List.of("small"))), 1, 4));

    assertThat(tier.stages().decoding().mean()).isCloseTo(2, within(0.1));
    assertThat(tier.stages().computing().mean()).isCloseTo(1, within(0.1));
    assertThat(tier.stages().waiting().mean()).isLessThan(0.1);
    assertThat(tier.stages().batchSize()).isCloseTo(1, within(0.01));
  }

  @Test
  void what_is_sustained_grows_no_backlog_and_is_no_more_than_the_cores_can_compute() {
    Planner planner = new Planner(request("100", LATENCY, policy(List.of("small"))));

    double sustained = planner.sustained(4);

    assertThat(sustained).isBetween(planner.capacity() / 2, planner.capacity());
    assertThat(tier(planner.at(sustained, 4)).keepsUp()).isTrue();
  }

  @Test
  void a_load_that_one_instance_carries_needs_one() throws PlanException {
    Plan plan = plan("200", LATENCY, policy(List.of("small")));

    assertThat(plan.instances()).isEqualTo(1);
    assertThat(plan.perInstance().tiers())
        .singleElement()
        .satisfies(tier -> assertThat(tier.met()).isTrue())
        .satisfies(tier -> assertThat(tier.p50Millis()).isBetween(3.0, 6.0))
        .satisfies(tier -> assertThat(tier.p99Millis()).isBetween(tier.p50Millis(), 60.0));
  }

  @Test
  void the_search_finds_a_number_that_is_enough_and_the_one_before_is_not() throws PlanException {
    PlanRequest request = request("3000", LATENCY, policy(List.of("small")));
    Plan plan = new Planner(request).plan();

    double wanted = 3000 * 1.2;
    assertThat(plan.instances()).isBetween(6, 9); // 5.4 at least, of 667 each
    assertThat(enough(request, wanted / plan.instances(), plan)).isTrue();
    assertThat(enough(request, wanted / (plan.instances() - 1), plan)).isFalse();
  }

  @Test
  void millions_of_events_are_planned_by_one_instances_part() throws PlanException {
    Plan thousands = plan("20k", LATENCY, policy(List.of("small")));
    Plan millions = plan("2M", LATENCY, policy(List.of("small")));

    assertThat(millions.instances())
        .isCloseTo(100 * thousands.instances(), within(10 * thousands.instances()));
    assertThat(millions.partitions())
        .isEqualTo(millions.instances() * millions.partitionsPerInstance());
  }

  @Test
  void the_same_seed_gives_the_same_plan() throws PlanException {
    TierMix mix = TierMix.parse("latency=70,accuracy=30");

    assertThat(plan("1000", mix, policy(List.of("small"))).toJson())
        .isEqualTo(plan("1000", mix, policy(List.of("small"))).toJson());
  }

  @Test
  void headroom_asks_for_more_instances() throws PlanException {
    PlanRequest without = request("3000", LATENCY, policy(List.of("small")), 0, 0.01);
    PlanRequest half = request("3000", LATENCY, policy(List.of("small")), 0.5, 0.01);

    assertThat(new Planner(half).plan().instances())
        .isGreaterThanOrEqualTo((int) (1.3 * new Planner(without).plan().instances()));
  }

  @Test
  void an_overloaded_tier_is_browned_out_and_says_what_share() {
    PlanRequest request = request("100", LATENCY, policy(List.of("large", "small")), 0.2, 1);

    Outcome quiet = InstanceTrial.run(request, 100, 4);
    Outcome overloaded = InstanceTrial.run(request, 450, 4);

    assertThat(tier(quiet).degraded()).isLessThan(0.01);
    assertThat(tier(overloaded).degraded()).isGreaterThan(0.5);
    assertThat(tier(overloaded).met()).isTrue();
    assertThat(overloaded.isEnough(1)).isTrue();
    assertThat(overloaded.isEnough(0.01)).isFalse();
  }

  @Test
  void a_tier_without_brownout_does_not_keep_up_when_it_is_overloaded() {
    Outcome outcome = InstanceTrial.run(request("100", LATENCY, policy(List.of("large"))), 450, 4);

    assertThat(tier(outcome).keepsUp()).isFalse();
    assertThat(tier(outcome).degraded()).isZero();
    assertThat(outcome.isEnough(1)).isFalse();
  }

  @Test
  void what_is_allowed_to_degrade_saves_instances() throws PlanException {
    Policy policy = policy(List.of("large", "small"));
    PlanRequest strict = request("2000", LATENCY, policy, 0, 0.01);
    PlanRequest lenient = request("2000", LATENCY, policy, 0, 1);

    assertThat(new Planner(lenient).plan().instances())
        .isLessThan(new Planner(strict).plan().instances());
  }

  @Test
  void shed_events_are_counted() {
    Policy policy = policy(List.of("large"), true);

    Outcome outcome = InstanceTrial.run(request("100", LATENCY, policy, 0.2, 1), 450, 4);

    assertThat(tier(outcome).shed()).isBetween(0.3, 0.7);
    assertThat(tier(outcome).keepsUp()).isTrue();
  }

  @Test
  void partitions_have_room_for_two_micro_batches_per_worker_and_a_thread_each() {
    PlanRequest request = request("100", LATENCY, policy(List.of("small")));
    Instance narrow =
        new Instance(new InstanceDevices(InstanceDevices.Kind.CPU, 2), 2, 2, 3, 4, 2, 0);

    Plan plan = planOf(with(request, narrow));

    assertThat(plan.partitionsPerInstance()).isGreaterThanOrEqualTo(8); // 2 × 2 × 8 ÷ 4
  }

  @Test
  void slow_stream_threads_bound_an_instance() {
    PlanRequest request = request("100", LATENCY, policy(List.of("small")));
    Instance slow =
        new Instance(new InstanceDevices(InstanceDevices.Kind.GPU, 1), 8, 8, 1, 32, 2, 10);

    assertThat(new Planner(with(request, slow)).capacity()).isCloseTo(100, within(0.1));
  }

  @Test
  void gpus_leave_the_cores_to_the_decoders() {
    PlanRequest request = request("100", TierMix.parse("accuracy=100"), policy(List.of("small")));
    Instance gpu =
        new Instance(new InstanceDevices(InstanceDevices.Kind.GPU, 1), 2, 2, 1, 32, 2, 0);

    assertThat(new Planner(with(request, gpu)).capacity()).isCloseTo(1000 / 6.0, within(0.1));
  }

  @Test
  void a_burst_takes_more_instances_than_its_mean() throws PlanException {
    PlanRequest steady = request("1000", LATENCY, policy(List.of("small")));
    PlanRequest burst =
        new PlanRequest(
            steady.rate(),
            steady.mix(),
            Burst.parse("3x5"),
            steady.policy(),
            steady.instance(),
            steady.batches(),
            20,
            1,
            steady.headroom(),
            steady.degraded());

    assertThat(new Planner(burst).plan().instances())
        .isGreaterThan(new Planner(steady).plan().instances());
  }

  @Test
  void an_objective_that_nothing_meets_is_said_with_what_would_help() {
    Policy hasty = policy(List.of("large"), false, Duration.ofMillis(5));

    assertThatExceptionOfType(PlanException.class)
        .isThrownBy(() -> plan("100", LATENCY, hasty))
        .withMessageContaining("tier latency: p99")
        .withMessageContaining("objective 5 ms")
        .withMessageContaining("choose a faster variant");
  }

  @Test
  void a_variant_without_measurement_is_no_question() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> request("100", LATENCY, policy(List.of("b7"))))
        .withMessage("variant b7: was not measured");
  }

  @Test
  void a_plan_is_json() throws Exception {
    JsonNode json =
        JsonMapper.builder()
            .build()
            .readTree(plan("1000", LATENCY, policy(List.of("small"))).toJson());

    assertThat(json.get("schema").asText()).isEqualTo("phistream/plan/1");
    assertThat(json.get("asked").get("perSecond").asDouble()).isEqualTo(1000);
    assertThat(json.get("asked").get("mix").get("latency").asDouble()).isEqualTo(1);
    assertThat(json.get("asked").get("instance").get("decodeMillis").asDouble()).isEqualTo(2);
    assertThat(json.get("instances").asInt()).isPositive();
    assertThat(json.get("partitions").asInt()).isPositive();
    JsonNode tier = json.get("perInstance").get("tiers").get(0);
    assertThat(tier.get("tier").asText()).isEqualTo("latency");
    assertThat(tier.get("p99Millis").asDouble()).isPositive();
    assertThat(tier.get("degraded").isNumber()).isTrue();
    assertThat(tier.get("met").asBoolean()).isTrue();
    assertThat(json.get("curve")).hasSizeGreaterThan(2);
  }

  private static boolean enough(PlanRequest request, double perSecond, Plan plan) {
    return InstanceTrial.run(request, perSecond, plan.partitionsPerInstance())
        .isEnough(request.degraded());
  }

  private static TierOutcome tier(Outcome outcome) {
    return outcome.tiers().get(0);
  }

  private static Plan planOf(PlanRequest request) {
    try {
      return new Planner(request).plan();
    } catch (PlanException e) {
      throw new AssertionError(e);
    }
  }

  private static Plan plan(String rate, TierMix mix, Policy policy) throws PlanException {
    return new Planner(request(rate, mix, policy)).plan();
  }

  private static PlanRequest request(String rate, TierMix mix, Policy policy) {
    return request(rate, mix, policy, 0.2, 0.01);
  }

  private static PlanRequest request(
      String rate, TierMix mix, Policy policy, double headroom, double degraded) {
    return new PlanRequest(
        Rate.parse(rate),
        mix,
        Burst.NONE,
        policy,
        twoCores(TimeSample.exactly(2), TimeSample.NONE),
        BATCHES,
        20,
        1,
        headroom,
        degraded);
  }

  private static PlanRequest with(PlanRequest request, Instance instance) {
    return request.with(instance, request.batches());
  }

  private static Instance twoCores(TimeSample decoding, TimeSample schedulingDelay) {
    return new Instance(
        new InstanceDevices(InstanceDevices.Kind.CPU, 0),
        2,
        2,
        1,
        32,
        decoding,
        0,
        schedulingDelay);
  }

  private static Policy policy(List<String> latency) {
    return policy(latency, false);
  }

  private static Policy policy(List<String> latency, boolean shed) {
    return policy(latency, shed, Duration.ofMillis(200));
  }

  private static Policy policy(List<String> latency, boolean shed, @Nullable Duration objective) {
    TierPolicy soon = new TierPolicy(latency, Duration.ofMillis(2), objective, shed, null);
    TierPolicy right = new TierPolicy("large", Duration.ofMillis(50));
    return new Policy(
        List.of("small", "large", "b7"),
        Map.of(Tier.LATENCY, soon, Tier.BALANCED, right, Tier.ACCURACY, right),
        Map.of(
            "small", new BatchPolicy(8, objective),
            "large", new BatchPolicy(8, latency.contains("large") ? objective : null)),
        8,
        BROWNOUT);
  }
}
