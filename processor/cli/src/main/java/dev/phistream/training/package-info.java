/**
 * Transfer learning: a model of a user's own classes from a user's own images, on top of a model
 * that is there already. Nothing here takes part in answering events.
 */
@NullMarked
package dev.phistream.training;

import org.jspecify.annotations.NullMarked;
