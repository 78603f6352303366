/**
 * Images that the program draws, and the training of the bundled models on them. Nothing here takes
 * part in answering events.
 */
@NullMarked
package dev.phistream.drawing;

import org.jspecify.annotations.NullMarked;
