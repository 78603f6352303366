package dev.phistream.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.event.Tier;
import dev.phistream.latency.Prediction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The token of an event that a router let in. */
class AdmissionTest {
  private static final TierPolicy ANY = new TierPolicy("b0", Duration.ZERO);
  private static final Duration TOOK = Duration.ofMillis(7);

  private final List<String> told = new ArrayList<>();
  private final Router router =
      new Router(
          List.of("b0"),
          Map.of(Tier.LATENCY, ANY, Tier.BALANCED, ANY, Tier.ACCURACY, ANY),
          Tier.LATENCY,
          (variant, objective) -> Prediction.NONE,
          new LoadControl(null, () -> 0, listener()));

  static Stream<Consumer<Admission>> ends() {
    return Stream.of(
        admission -> admission.answered(TOOK),
        admission -> admission.answered(TOOK, true),
        admission -> admission.deadLettered("image-truncated"),
        Admission::abandoned);
  }

  @ParameterizedTest
  @MethodSource("ends")
  void an_event_is_in_flight_until_it_ends_and_ends_once(Consumer<Admission> end) throws Exception {
    Admission admission = router.admit(Tier.LATENCY, null, null);
    assertThat(inFlight()).isEqualTo(1);

    end.accept(admission);
    List<String> atTheEnd = List.copyOf(told);
    ends().forEach(again -> again.accept(admission));

    assertThat(told).isEqualTo(atTheEnd);
    assertThat(inFlight()).isZero();
  }

  @Test
  void a_dead_letter_counts_as_one_of_its_tier() throws Exception {
    router.admit(Tier.LATENCY, null, null).deadLettered("image-truncated");

    assertThat(told).containsExactly("dropped", "rejected image-truncated");
    assertThat(router.admit(Tier.LATENCY, null, null).route().load().rejected()).isOne();
  }

  @Test
  void a_cascades_answer_says_who_gave_it() throws Exception {
    router.admit(Tier.LATENCY, null, null).answered(TOOK, true);

    assertThat(told).containsExactly("answered", "cascaded true");
  }

  /** What an event that comes now finds in flight; it leaves no trace. */
  private int inFlight() throws Exception {
    List<String> before = List.copyOf(told);
    Admission probe = router.admit(Tier.LATENCY, null, null);
    probe.abandoned();
    told.clear();
    told.addAll(before);
    return probe.route().load().queueDepth();
  }

  private RoutingListener listener() {
    return new RoutingListener() {
      @Override
      public void answered(Route route, Duration took) {
        told.add("answered");
      }

      @Override
      public void cascaded(Tier tier, boolean escalated) {
        told.add("cascaded " + escalated);
      }

      @Override
      public void dropped(Route route) {
        told.add("dropped");
      }

      @Override
      public void rejected(Tier tier, String code) {
        told.add("rejected " + code);
      }
    };
  }
}
