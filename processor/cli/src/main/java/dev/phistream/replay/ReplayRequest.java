package dev.phistream.replay;

import org.jspecify.annotations.Nullable;

/**
 * What somebody wants replayed.
 *
 * @param name what the replay is called, or null for a name made of topic, range and output
 * @param topic where the events are
 * @param from where it begins, in a form that {@link Bound} knows
 * @param to where it ends, likewise
 * @param variant the variant that answers all events, or null for what each asks for
 * @param labels where labels go, with {@code {tier}} and {@code {variant}} if wanted
 * @param deadLetters where events go that cannot be classified, or null for a topic beside labels'
 * @param selection which events
 */
public record ReplayRequest(
    @Nullable String name,
    String topic,
    String from,
    String to,
    @Nullable String variant,
    String labels,
    @Nullable String deadLetters,
    Selection selection) {}
