package dev.phistream.pipeline;

import dev.phistream.image.Preprocessor;

/**
 * A model that answers: what the classifier must know of it.
 *
 * @param variant the variant that it answers for, or the slot of the trial that it is for
 * @param id the model's id
 * @param weightsDigest SHA-256 of its weights, hexadecimal
 * @param preprocessor makes its input of images
 * @param labels its classes
 */
public record ServedModel(
    String variant, String id, String weightsDigest, Preprocessor preprocessor, Labels labels) {}
