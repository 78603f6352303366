/**
 * Reads weights from the files of other programs and gives their tensors the names that networks
 * here have. Nothing that a file says is executed, and its sizes are checked before memory is
 * taken.
 */
@NullMarked
package dev.phistream.weights;

import org.jspecify.annotations.NullMarked;
