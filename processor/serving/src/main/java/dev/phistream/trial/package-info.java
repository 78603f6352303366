/**
 * Which events a second model takes part in: beside the one that answers (shadow), or in its place
 * (canary). It decides and counts, and knows nothing of Kafka or of models.
 */
@NullMarked
package dev.phistream.trial;

import org.jspecify.annotations.NullMarked;
