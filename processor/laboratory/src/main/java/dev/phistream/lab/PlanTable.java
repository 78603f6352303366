package dev.phistream.lab;

import dev.phistream.app.Columns;
import dev.phistream.planning.Instance;
import dev.phistream.planning.InstanceDevices;
import dev.phistream.planning.Outcome;
import dev.phistream.planning.Plan;
import dev.phistream.planning.Rate;
import dev.phistream.planning.TierOutcome;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A plan for people. */
final class PlanTable {
  private final PrintWriter out;

  PlanTable(PrintWriter out) {
    this.out = out;
  }

  /**
   * Prints it.
   *
   * @param measuredOn processor and engine
   */
  void print(Plan plan, String measuredOn) {
    Plan.RequestedLoad asked = plan.asked();
    Instance instance = asked.instance();
    Outcome each = plan.perInstance();
    String mix =
        asked.mix().entrySet().stream()
            .map(share -> text("%s %.0f %%", share.getKey(), 100 * share.getValue()))
            .collect(Collectors.joining(", "));
    out.println("load       " + new Rate(asked.perSecond()) + ": " + mix + burst(plan));
    out.println(
        text(
            "instance   %s, %d cores, %d decoders, %d stream %s; decoding %.1f ms, taking %.1f ms an event; batch times of %s",
            workers(asked),
            instance.cores(),
            instance.decoders(),
            instance.streamThreads(),
            instance.streamThreads() == 1 ? "thread" : "threads",
            instance.decodeMillis(),
            instance.takeMillis(),
            measuredOn));
    out.println(
        text(
            "needed     %d %s, %d partitions (%d each), with %.0f %% headroom",
            plan.instances(),
            plan.instances() == 1 ? "instance" : "instances",
            plan.partitions(),
            plan.partitionsPerInstance(),
            100 * asked.headroom()));
    out.println(
        text(
            "each       %s of at most %s; load %.0f %% (%s)",
            new Rate(each.perSecond()),
            new Rate(plan.mostPerInstance()),
            100 * each.load(),
            each.busiest()));
    out.println();
    tiers(each);
    out.println();
    otherWork(plan);
    out.println();
    curve(plan);
    out.println();
    out.println(
        text(
            "Times are from the topic to the answer, without the ways through Kafka. Simulated: %.0f s of one instance, seed %d.",
            each.seconds(), asked.seed()));
  }

  private void tiers(Outcome each) {
    Columns columns =
        new Columns(
            out,
            "tier:9",
            "variant:12",
            "events/s:9",
            "p50 ms:8",
            "p99 ms:8",
            "objective:10",
            "met:4",
            "browned out:11",
            "shed:6");
    long all = Math.max(1, each.tiers().stream().mapToLong(TierOutcome::events).sum());
    for (TierOutcome tier : each.tiers()) {
      Double objective = tier.objectiveMillis();
      columns.print(
          tier.tier(),
          tier.variant(),
          number(each.perSecond() * tier.events() / all),
          number(tier.p50Millis()),
          number(tier.p99Millis()),
          objective == null ? "none" : text("%.0f ms", objective),
          tier.met() ? "yes" : "no",
          text("%.1f %%", 100 * tier.degraded()),
          text("%.1f %%", 100 * tier.shed()));
    }
  }

  /** How far p99 moves if the measured work is a little wrong. */
  private void otherWork(Plan plan) {
    Outcome each = plan.perInstance();
    String[] heads = new String[each.tiers().size() + 2];
    heads[0] = "work:9";
    heads[1] = "load:6";
    for (int tier = 0; tier < each.tiers().size(); tier++) {
      heads[tier + 2] = each.tiers().get(tier).tier() + " p99:12";
    }
    Columns columns = new Columns(out, heads);
    Map<String, Outcome> rows = new LinkedHashMap<>();
    rows.put("measured", each);
    for (Plan.OtherWork other : plan.otherWork()) {
      rows.put(text("%+.0f %%", 100 * (other.work() - 1)), other.outcome());
    }
    rows.forEach(
        (work, outcome) -> {
          String[] cells = new String[heads.length];
          cells[0] = work;
          cells[1] = percent(outcome.load());
          for (int tier = 0; tier < outcome.tiers().size(); tier++) {
            cells[tier + 2] = p99(outcome.tiers().get(tier));
          }
          columns.print(cells);
        });
  }

  private static String p99(TierOutcome tier) {
    return tier.keepsUp() ? text("%s ms", number(tier.p99Millis())) : "backlog";
  }

  private void curve(Plan plan) {
    String[] names =
        plan.perInstance().tiers().stream()
            .map(tier -> tier.tier() + " p99:12")
            .toArray(String[]::new);
    String[] heads = new String[names.length + 8];
    heads[0] = "instances:9";
    heads[1] = "events/s each:13";
    System.arraycopy(names, 0, heads, 2, names.length);
    int at = 2 + names.length;
    heads[at++] = "browned out:11";
    heads[at++] = "devices:7";
    heads[at++] = "decoders:8";
    heads[at++] = "cores:5";
    heads[at++] = "threads:7";
    heads[at] = "enough:6";
    Columns columns = new Columns(out, heads);
    for (Plan.Point point : plan.curve()) {
      String[] cells = new String[heads.length];
      Outcome outcome = point.outcome();
      cells[0] = String.valueOf(point.instances());
      cells[1] = number(outcome.perSecond());
      int cell = 2;
      double degraded = 0;
      for (TierOutcome tier : outcome.tiers()) {
        cells[cell++] = p99(tier);
        degraded = Math.max(degraded, tier.degraded());
      }
      cells[cell++] = percent(degraded);
      cells[cell++] = percent(outcome.devices());
      cells[cell++] = percent(outcome.decoders());
      cells[cell++] = percent(outcome.cores());
      cells[cell++] = percent(outcome.streamThreads());
      cells[cell] =
          point.instances() == plan.instances()
              ? "yes, planned"
              : !point.enough() ? "no" : point.instances() < plan.instances() ? "no room" : "yes";
      columns.print(cells);
    }
  }

  private static String burst(Plan plan) {
    return plan.asked().burst().seconds() == 0
        ? ""
        : text(
            "; a burst of %.1f times it for %.0f s",
            plan.asked().burst().times(), plan.asked().burst().seconds());
  }

  private static String workers(Plan.RequestedLoad asked) {
    boolean gpu = asked.instance().devices().kind() == InstanceDevices.Kind.GPU;
    String what = gpu ? "GPU" : "CPU worker";
    return asked.workers() == 1 ? "1 " + what : asked.workers() + " " + what + "s";
  }

  private static String percent(double share) {
    return text("%.0f %%", 100 * share);
  }

  private static String number(double value) {
    return text("%." + (value >= 100 ? 0 : value >= 10 ? 1 : 2) + "f", value);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
