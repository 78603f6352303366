package dev.phistream.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a measured process shall do.
 *
 * @param command what
 * @param settings of the processor, from which all ways of doing the work take model and topics
 * @param subject who shall start, or null for other commands
 * @param images directory of the images for {@code BARE_*}, or null for other commands
 * @param count images for {@code BARE_*}, events so far for {@code MEMORY}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record StreamJob(
    Command command,
    Map<String, String> settings,
    @Nullable SubjectKind subject,
    @Nullable String images,
    int count) {
  /** What can be asked. */
  enum Command {
    /** Images per second of a loop per core without Kafka. */
    BARE_RATE,
    /** Times of a loop that takes one image at a time. */
    BARE_LATENCY,
    /** Start a subject; the reply comes when it reads its topic. */
    START,
    /** Say what the subject used, and stop it. */
    STOP,
    /** Say how much memory there is in use. */
    MEMORY
  }

  /** Ways to get from images on a topic to labels on a topic. */
  enum SubjectKind {
    /** Phistream. */
    PROCESSOR,
    /** Phistream's replay. */
    REPLAY,
    /** Kafka Streams' mapValues with a DJL predictor per thread, and DJL's own preprocessing. */
    MAP_VALUES_DJL,
    /** The same with Phistream's decoder. */
    MAP_VALUES,
    /** A camel-djl route. */
    CAMEL
  }

  static StreamJob start(SubjectKind subject, Map<String, String> settings) {
    return new StreamJob(Command.START, settings, subject, null, 0);
  }

  static StreamJob stop() {
    return new StreamJob(Command.STOP, Map.of(), null, null, 0);
  }

  static StreamJob memory(int events) {
    return new StreamJob(Command.MEMORY, Map.of(), null, null, events);
  }
}
