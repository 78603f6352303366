package dev.phistream.planning;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a load needs.
 *
 * @param schema {@link #SCHEMA}
 * @param asked what was asked
 * @param instances that serve every tier well, with headroom
 * @param partitions of the input topic, the same number for each instance
 * @param partitionsPerInstance of them
 * @param mostPerInstance events/s that an instance could carry if nothing ever waited
 * @param perInstance what each instance makes of its part of the rate, without headroom
 * @param otherWork the same if events cost a little less or more work than was measured
 * @param curve the same with other numbers of instances
 */
public record Plan(
    String schema,
    RequestedLoad asked,
    int instances,
    int partitions,
    int partitionsPerInstance,
    double mostPerInstance,
    Outcome perInstance,
    List<OtherWork> otherWork,
    List<Point> curve) {
  /** Names the JSON form; another number means that older readers cannot understand it. */
  public static final String SCHEMA = "phistream/plan/1";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Copies the lists. */
  public Plan {
    otherWork = List.copyOf(otherWork);
    curve = List.copyOf(curve);
  }

  /**
   * The request in short.
   *
   * @param perSecond events of all instances
   * @param mix shares by tier, together 1
   * @param burst times the rate, for so many seconds in the middle
   * @param instance what each instance has
   * @param workers that an instance computes with
   * @param headroom part of the rate
   * @param degraded allowed share
   * @param seed of the simulation
   */
  public record RequestedLoad(
      double perSecond,
      Map<String, Double> mix,
      Burst burst,
      Instance instance,
      int workers,
      double headroom,
      double degraded,
      long seed) {
    static RequestedLoad of(PlanRequest request) {
      Map<String, Double> mix = new TreeMap<>();
      request
          .mix()
          .shares()
          .forEach((tier, share) -> mix.put(tier.name().toLowerCase(Locale.ROOT), share));
      return new RequestedLoad(
          request.rate().perSecond(),
          mix,
          request.burst(),
          request.instance(),
          request.instance().workers(),
          request.headroom(),
          request.degraded(),
          request.seed());
    }
  }

  /**
   * Events that cost another amount of work. Near saturation, waiting grows without bound, so that
   * a small error in the measured work changes p99 a lot.
   *
   * @param work times the measured work
   */
  public record OtherWork(double work, Outcome outcome) {}

  /**
   * Another number of instances.
   *
   * @param enough whether it would serve every tier well, without headroom
   */
  public record Point(int instances, boolean enough, Outcome outcome) {}

  /** As JSON text. */
  public String toJson() {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a plan is no JSON", e);
    }
  }
}
