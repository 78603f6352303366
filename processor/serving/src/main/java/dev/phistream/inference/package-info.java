/**
 * Models loaded on a device through DJL and run on batches. It knows nothing of events, topics or
 * tiers.
 */
@NullMarked
package dev.phistream.inference;

import org.jspecify.annotations.NullMarked;
