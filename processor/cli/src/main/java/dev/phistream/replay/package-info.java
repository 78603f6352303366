/**
 * Replay: classifies a bounded range of a topic again, under an application id of its own.
 * Planning, bounds, filters, rateLimits and counts live here; no command line, and nothing that the
 * live processor would need.
 */
@NullMarked
package dev.phistream.replay;

import org.jspecify.annotations.NullMarked;
