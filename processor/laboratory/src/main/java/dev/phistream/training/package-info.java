/**
 * Images that the program draws and the training of models on them. Nothing here takes part in
 * answering events.
 */
@NullMarked
package dev.phistream.training;

import org.jspecify.annotations.NullMarked;
