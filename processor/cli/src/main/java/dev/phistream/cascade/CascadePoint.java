package dev.phistream.cascade;

/**
 * A cascade with one threshold, on some images.
 *
 * @param threshold confidence from which on the small model answers
 * @param escalated part of the images that the large model answers
 * @param accuracy part of the images with the right label
 * @param deficit accuracy of the large model alone less this one's
 * @param deficitError standard error of the deficit
 * @param compute of both models, where the large model for every image is 1
 */
public record CascadePoint(
    double threshold,
    double escalated,
    double accuracy,
    double deficit,
    double deficitError,
    double compute) {}
