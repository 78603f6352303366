package dev.phistream.planning;

import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;

/** Events that come at random, independently of each other, to a random partition. */
final class Arrivals implements Iterator<SimulatedEvent> {
  private final SplittableRandom random;
  private final TierMix mix;
  private final double perNano;
  private final double endNanos;
  private final double burstFrom;
  private final double burstTo;
  private final double burstTimes;
  private final int partitions;
  private final SplittableRandom decodings;
  private final TimeSample decoding;
  private double next;

  Arrivals(PlanRequest request, double perSecond, double seconds, int partitions) {
    this.random = new SplittableRandom(request.seed());
    this.mix = request.mix();
    this.perNano = perSecond / 1e9;
    this.endNanos = seconds * 1e9;
    this.burstFrom = endNanos / 2 - request.burst().seconds() * 1e9 / 2;
    this.burstTo = endNanos / 2 + request.burst().seconds() * 1e9 / 2;
    this.burstTimes = request.burst().times();
    this.partitions = partitions;
    this.decodings = new SplittableRandom(request.seed() + 3);
    this.decoding = request.instance().decoding();
    advance();
  }

  @Override
  public boolean hasNext() {
    return next < endNanos;
  }

  @Override
  public SimulatedEvent next() {
    if (!hasNext()) {
      throw new NoSuchElementException("all events have come");
    }
    SimulatedEvent event =
        new SimulatedEvent(
            (long) next,
            random.nextInt(partitions),
            mix.at(random.nextDouble()).name(),
            Duration.ZERO,
            null,
            decoding.nanosAt(decodings.nextDouble()));
    advance();
    return event;
  }

  private void advance() {
    boolean burst = next >= burstFrom && next < burstTo;
    next += -Math.log(1 - random.nextDouble()) / (perNano * (burst ? burstTimes : 1));
  }
}
