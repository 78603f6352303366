package dev.phistream.bench;

import dev.phistream.event.Tier;
import dev.phistream.latency.Prediction;
import dev.phistream.model.ModelException;
import dev.phistream.pipeline.Answer;
import dev.phistream.pipeline.ImageRequest;
import dev.phistream.pipeline.ImageSource;
import dev.phistream.planning.TierMix;
import dev.phistream.routing.LatencyEstimates;
import dev.phistream.routing.LoadControl;
import dev.phistream.routing.Route;
import dev.phistream.routing.Router;
import dev.phistream.routing.RoutingListener;
import dev.phistream.routing.ShedException;
import dev.phistream.routing.UnknownVariantException;
import dev.phistream.runtime.ConfigException;
import dev.phistream.runtime.ProcessorConfig;
import dev.phistream.runtime.Serving;
import dev.phistream.runtime.ServingPolicy;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The processor's real router, decoders, micro-batcher and engine, without Kafka, under events that
 * come at random.
 */
final class ServedLoad implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int TOP_K = 5;

  /** Part of the time in which it gets going and nothing is counted. */
  private static final double WARM_UP = 0.1;

  private record Sent(Tier tier, CompletableFuture<Answer> answer) {}

  /**
   * What a tier's events met.
   *
   * @param millis from arrival to answer
   * @param decodeMillis of them, decoding
   * @param degraded share
   */
  record Found(List<Double> millis, List<Double> decodeMillis, double degraded) {}

  private final Serving serving;
  private final Router router;
  private final List<byte[]> pictures;

  private ServedLoad(Serving serving, Router router, List<byte[]> pictures) {
    this.serving = serving;
    this.router = router;
    this.pictures = pictures;
  }

  static ServedLoad start(ProcessorConfig config, ServingPolicy policy, List<byte[]> pictures)
      throws ConfigException, ModelException {
    Serving serving = Serving.start(config, new SimpleMeterRegistry(), false);
    Router router =
        new Router(
            serving.variants(),
            policy.tiers(),
            Tier.BALANCED,
            new LatencyEstimates() {
              @Override
              public Prediction predict(String variant, @Nullable Duration objective) {
                return serving.latency().predict(variant, objective);
              }

              @Override
              public Duration share(String variant) {
                return serving.latency().share(variant);
              }
            },
            new LoadControl(policy.brownout(), System::nanoTime, RoutingListener.NONE));
    return new ServedLoad(serving, router, pictures);
  }

  /** Lets events come for some time and waits for their answers. */
  Map<Tier, Found> run(TierMix mix, double perSecond, double seconds, long seed)
      throws BenchException, InterruptedException, ExecutionException {
    SplittableRandom random = new SplittableRandom(seed);
    List<Sent> sent = new ArrayList<>();
    Map<Tier, int[]> degraded = new EnumMap<>(Tier.class);
    long started = System.nanoTime();
    double due = 0;
    while (due < seconds * 1e9) {
      while (System.nanoTime() - started < due) {
        LockSupport.parkNanos((long) due - (System.nanoTime() - started));
      }
      Tier tier = tier(mix, random.nextDouble());
      byte[] picture = pictures.get(random.nextInt(pictures.size()));
      Sent event = new Sent(tier, submit(tier, picture, degraded));
      if (due >= WARM_UP * seconds * 1e9) {
        sent.add(event);
      }
      due += -Math.log(1 - random.nextDouble()) / perSecond * 1e9;
    }
    return found(sent, degraded);
  }

  private CompletableFuture<Answer> submit(Tier tier, byte[] picture, Map<Tier, int[]> degraded)
      throws BenchException {
    Route route;
    try {
      route = router.route(tier, null, null);
    } catch (UnknownVariantException | ShedException e) {
      throw new BenchException(
          "plan: %s (expected: no shedding in a run that is compared)".formatted(e.getMessage()),
          e);
    }
    if (route.degraded() != null) {
      degraded.computeIfAbsent(tier, t -> new int[1])[0]++;
    }
    return serving
        .classifier()
        .submit(
            new ImageRequest(
                new ImageSource.Inline(picture),
                route.variant(),
                route.maxDelay(),
                route.objective(),
                TOP_K))
        .whenComplete(
            (answer, error) -> {
              if (error == null) {
                router.answered(route, answer.timings().total());
              } else {
                router.dropped(route);
              }
            });
  }

  private static Map<Tier, Found> found(List<Sent> sent, Map<Tier, int[]> degraded)
      throws BenchException, InterruptedException, ExecutionException {
    Map<Tier, List<Double>> totals = new EnumMap<>(Tier.class);
    Map<Tier, List<Double>> decodes = new EnumMap<>(Tier.class);
    for (Sent event : sent) {
      try {
        Answer answer = event.answer().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        totals
            .computeIfAbsent(event.tier(), t -> new ArrayList<>())
            .add(answer.timings().total().toNanos() / 1e6);
        decodes
            .computeIfAbsent(event.tier(), t -> new ArrayList<>())
            .add(answer.timings().decode().toNanos() / 1e6);
      } catch (TimeoutException e) {
        throw new BenchException(
            "plan: no answer within %d s (expected: one; run at a smaller load)"
                .formatted(PATIENCE.toSeconds()),
            e);
      }
    }
    Map<Tier, Found> found = new EnumMap<>(Tier.class);
    totals.forEach(
        (tier, millis) ->
            found.put(
                tier,
                new Found(
                    millis,
                    decodes.getOrDefault(tier, List.of()),
                    degraded.getOrDefault(tier, new int[1])[0] / (double) millis.size())));
    return found;
  }

  private static Tier tier(TierMix mix, double place) {
    double left = place;
    Tier last = Tier.DEFAULT;
    for (Map.Entry<Tier, Double> share : mix.shares().entrySet()) {
      last = share.getKey();
      left -= share.getValue();
      if (left < 0) {
        break;
      }
    }
    return last;
  }

  @Override
  public void close() {
    serving.close();
  }
}
