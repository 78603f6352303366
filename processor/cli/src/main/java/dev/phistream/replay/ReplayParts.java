package dev.phistream.replay;

/**
 * What the processors of a replay work with; shared by all tasks, so each part is thread-safe.
 *
 * @param plan what is replayed
 * @param filter which events are left out
 * @param watch how far the consumers are
 * @param rateLimits slow it down
 * @param comparison compares with earlier results
 * @param live counts for those who look on
 */
record ReplayParts(
    ReplayPlan plan,
    EventFilter filter,
    FetchWatch watch,
    RateLimits rateLimits,
    Comparison comparison,
    LiveCounts live) {}
