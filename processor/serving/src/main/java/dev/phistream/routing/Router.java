package dev.phistream.routing;

import dev.phistream.event.Tier;
import dev.phistream.latency.LatencyEstimates;
import dev.phistream.latency.Prediction;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the variant that answers an event: an explicit variant, else the most accurate one that
 * fits the event's latency budget, else the tier's. A tier that would not keep its objective steps
 * down its list of variants, and sheds what would be late if it may; see {@link Brownout}.
 * Thread-safe as far as its estimates are.
 */
public final class Router {
  private static final Logger log = LoggerFactory.getLogger(Router.class);

  /** Part of the objective that predictions may fill: they are means, and some take longer. */
  private static final double PREDICTED_IN_TIME = 0.9;

  private final List<String> variants;
  private final Map<Tier, TierTraffic> tiers = new EnumMap<>(Tier.class);
  private final Tier defaultTier;
  private final LatencyEstimates estimates;
  private final LongSupplier nanos;
  private final RoutingListener listener;

  /** A router that does nothing about load. */
  public Router(
      List<String> variants,
      Map<Tier, TierPolicy> tiers,
      Tier defaultTier,
      LatencyEstimates estimates) {
    this(variants, tiers, defaultTier, estimates, LoadControl.NONE);
  }

  /**
   * Creates a router.
   *
   * @param variants the served variants, fastest first, at least one
   * @param tiers a policy for each of LATENCY, BALANCED and ACCURACY
   * @param defaultTier what {@link Tier#DEFAULT} stands for
   * @param control what it does about load
   * @throws IllegalArgumentException when a tier has no policy or names a variant not served
   */
  public Router(
      List<String> variants,
      Map<Tier, TierPolicy> tiers,
      Tier defaultTier,
      LatencyEstimates estimates,
      LoadControl control) {
    if (variants.isEmpty()) {
      throw new IllegalArgumentException("variants: none (expected: at least one)");
    }
    if (defaultTier == Tier.DEFAULT) {
      throw new IllegalArgumentException(
          "default tier: DEFAULT (expected: LATENCY, BALANCED or ACCURACY)");
    }
    for (Tier tier : Tier.values()) {
      TierPolicy policy = tiers.get(tier);
      if (tier != Tier.DEFAULT && policy == null) {
        throw new IllegalArgumentException("tier " + tier + ": no policy (expected: one)");
      }
      if (policy != null) {
        policy.variants().forEach(variant -> checkServed(tier, variant, variants));
        checkCascade(tier, policy, variants);
        this.tiers.put(tier, new TierTraffic(policy, control.brownout()));
      }
    }
    this.variants = List.copyOf(variants);
    this.defaultTier = defaultTier;
    this.estimates = estimates;
    this.nanos = control.nanos();
    this.listener = control.listener();
  }

  private static void checkServed(Tier tier, String variant, List<String> served) {
    if (!served.contains(variant)) {
      throw new IllegalArgumentException(
          "tier %s: variant %s is not served (expected: one of %s)"
              .formatted(tier, variant, String.join(", ", served)));
    }
  }

  private static void checkCascade(Tier tier, TierPolicy policy, List<String> served) {
    CascadePolicy cascade = policy.cascade();
    if (cascade == null) {
      return;
    }
    checkServed(tier, cascade.small(), served);
    if (served.indexOf(cascade.small()) >= served.indexOf(policy.variant())) {
      throw new IllegalArgumentException(
          "tier %s: cascade.small: %s (expected: a faster variant than %s, the tier's own)"
              .formatted(tier, cascade.small(), policy.variant()));
    }
  }

  /** The tier that {@code requested} stands for. */
  public Tier resolve(Tier requested) {
    return requested == Tier.DEFAULT ? defaultTier : requested;
  }

  /**
   * Decides where an event goes, and counts it in until its token ends.
   *
   * @param variant the explicit variant, or null
   * @param budget time within which the answer is wanted, or null for the tier's objective
   * @throws UnknownVariantException when the explicit variant is not served
   * @throws ShedException when the tier sheds the event
   */
  public Admission admit(Tier requested, @Nullable String variant, @Nullable Duration budget)
      throws UnknownVariantException, ShedException {
    Tier tier = resolve(requested);
    TierTraffic traffic = traffic(tier);
    long now = nanos.getAsLong();
    Route decided = decide(tier, traffic, variant, budget, now);
    long share = deviceTime(traffic, decided.variant(), decided.cascade());
    Route route = traffic.arrive(decided, share, now);
    listener.routed(route);
    return new Admission(this, route);
  }

  /**
   * Counts in, until its token ends, an event that a router in another process has routed. Its
   * route says what is predicted here and how busy its tier is here.
   */
  public Admission admitRouted(
      Tier tier,
      String variant,
      Duration maxDelay,
      @Nullable Duration objective,
      @Nullable Degraded degraded) {
    Route decided =
        new Route(
            tier,
            variant,
            maxDelay,
            objective,
            estimates.predict(variant, objective),
            degraded,
            Route.Choice.VARIANT,
            null,
            Load.NONE);
    TierTraffic traffic = traffic(tier);
    Route route = traffic.arrive(decided, deviceTime(traffic, variant, null), nanos.getAsLong());
    listener.routed(route);
    return new Admission(this, route);
  }

  void answered(Route route, Duration took) {
    TierTraffic traffic = traffic(route.tier());
    traffic.leave();
    Brownout brownout = traffic.brownout();
    if (brownout != null && route.choice() == Route.Choice.TIER) {
      long now = nanos.getAsLong();
      brownout.answered(now - took.toNanos(), now);
    }
    listener.answered(route, took);
  }

  void cascaded(Route route, boolean escalated) {
    traffic(route.tier()).cascaded(escalated);
    listener.cascaded(route.tier(), escalated);
  }

  void dropped(Route route) {
    traffic(route.tier()).leave();
    listener.dropped(route);
  }

  /** An event became a dead letter that was never let in. */
  public void deadLettered(Tier tier, String code) {
    traffic(tier).reject();
    listener.rejected(tier, code);
  }

  private Route decide(
      Tier tier, TierTraffic traffic, @Nullable String variant, @Nullable Duration budget, long now)
      throws UnknownVariantException, ShedException {
    TierPolicy policy = traffic.policy();
    if (variant != null) {
      if (!variants.contains(variant)) {
        throw new UnknownVariantException(variant, variants);
      }
      Duration objective = budget == null ? policy.objective() : budget;
      return plain(tier, policy, variant, objective, null, Route.Choice.VARIANT, null);
    }
    if (budget != null) {
      return withinBudget(tier, policy, budget);
    }
    shedIfLate(tier, traffic);
    Brownout brownout = traffic.brownout();
    int level = brownout == null ? 0 : step(tier, traffic, brownout, now);
    String chosen = policy.variants().get(level);
    return plain(
        tier,
        policy,
        chosen,
        policy.objective(),
        level == 0 || brownout == null
            ? null
            : new Degraded(
                Degraded.Cause.BROWNOUT,
                "brownout of tier %s: %s instead of %s (%s)"
                    .formatted(name(tier), chosen, policy.variant(), brownout.reason())),
        Route.Choice.TIER,
        cascade(policy, chosen));
  }

  /** The tier's cascade, if its small variant is faster than the one that is chosen. */
  private @Nullable CascadePolicy cascade(TierPolicy policy, String chosen) {
    CascadePolicy cascade = policy.cascade();
    return cascade != null && variants.indexOf(cascade.small()) < variants.indexOf(chosen)
        ? cascade
        : null;
  }

  private int step(Tier tier, TierTraffic traffic, Brownout brownout, long now) {
    List<String> list = traffic.policy().variants();
    int before = brownout.level();
    int level =
        brownout.arrive(
            now,
            new Brownout.LoadForecast() {
              @Override
              public Prediction predict(int level) {
                String variant = list.get(level);
                TierPolicy policy = traffic.policy();
                return predicted(variant, policy.objective(), cascade(policy, variant));
              }

              @Override
              public double load(int level) {
                double others =
                    tiers.values().stream()
                        .filter(other -> other != traffic && other.isAsUrgentAs(traffic))
                        .mapToDouble(other -> other.load(now))
                        .sum();
                String variant = list.get(level);
                CascadePolicy cascade = cascade(traffic.policy(), variant);
                return others + traffic.loadWith(deviceTime(traffic, variant, cascade), now);
              }
            });
    if (level != before) {
      log.info(
          "tier {} steps {} to {}{}",
          name(tier),
          level > before ? "down" : "up",
          list.get(level),
          level > before ? ": " + brownout.reason() : "");
      listener.stepped(tier, level);
    }
    return level;
  }

  /**
   * Sheds what even the tier's last variant would answer too late. One event is always in flight,
   * so that predictions can learn that they are wrong.
   */
  private void shedIfLate(Tier tier, TierTraffic traffic) throws ShedException {
    TierPolicy policy = traffic.policy();
    Duration objective = policy.objective();
    if (!policy.shed() || objective == null || traffic.inFlight() == 0) {
      return;
    }
    String last = policy.variants().get(policy.variants().size() - 1);
    Duration predicted = estimates.predict(last, objective).total();
    if (predicted.toNanos() > PREDICTED_IN_TIME * objective.toNanos()) {
      listener.shed(tier);
      throw new ShedException(
          "tier %s: shed, for %s would take %d ms (objective: %d ms); send it again when there is less load, or without tiers.%s.shed"
              .formatted(name(tier), last, predicted.toMillis(), objective.toMillis(), name(tier)));
    }
  }

  private Route plain(
      Tier tier,
      TierPolicy policy,
      String variant,
      @Nullable Duration objective,
      @Nullable Degraded degraded,
      Route.Choice choice,
      @Nullable CascadePolicy cascade) {
    Prediction predicted = predicted(variant, objective, cascade);
    return new Route(
        tier,
        variant,
        policy.maxDelay(),
        objective,
        predicted,
        degraded,
        choice,
        cascade,
        Load.NONE);
  }

  private Route withinBudget(Tier tier, TierPolicy policy, Duration budget) {
    for (int i = variants.size() - 1; i >= 0; i--) {
      Prediction predicted = estimates.predict(variants.get(i), budget);
      Duration slack = budget.minus(predicted.total());
      if (!slack.isNegative()) {
        Duration maxDelay = slack.compareTo(policy.maxDelay()) < 0 ? slack : policy.maxDelay();
        return new Route(
            tier,
            variants.get(i),
            maxDelay,
            budget,
            predicted,
            null,
            Route.Choice.BUDGET,
            null,
            Load.NONE);
      }
    }
    String fastest = variants.get(0);
    Prediction predicted = estimates.predict(fastest, budget);
    String text =
        "latency budget of %d ms: no variant fits, %s would take %d ms"
            .formatted(budget.toMillis(), fastest, predicted.total().toMillis());
    return new Route(
        tier,
        fastest,
        Duration.ZERO,
        budget,
        predicted,
        new Degraded(Degraded.Cause.BUDGET, text),
        Route.Choice.BUDGET,
        null,
        Load.NONE);
  }

  /** With a cascade, of an event that both variants get. */
  private Prediction predicted(
      String variant, @Nullable Duration objective, @Nullable CascadePolicy cascade) {
    Prediction predicted = estimates.predict(variant, objective);
    return cascade == null
        ? predicted
        : new Prediction(
            predicted.waiting(),
            predicted.compute().plus(estimates.predict(cascade.small(), objective).compute()));
  }

  /** With a cascade, the mean over its events. */
  private long deviceTime(TierTraffic traffic, String variant, @Nullable CascadePolicy cascade) {
    long whole = estimates.share(variant).toNanos();
    return cascade == null
        ? whole
        : estimates.share(cascade.small()).toNanos() + Math.round(traffic.escalated() * whole);
  }

  private TierTraffic traffic(Tier tier) {
    TierTraffic traffic = tiers.get(tier);
    if (traffic == null) {
      throw new IllegalStateException("tier " + tier + " has no policy");
    }
    return traffic;
  }

  private static String name(Tier tier) {
    return tier.name().toLowerCase(Locale.ROOT);
  }
}
