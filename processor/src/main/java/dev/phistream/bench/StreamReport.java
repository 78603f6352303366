package dev.phistream.bench;

import java.util.List;

/**
 * What the stream benchmark measured, side by side in one run.
 *
 * @param machine processor and cores
 * @param java the virtual machine
 * @param model the model that answered
 * @param guarantee Kafka Streams' processing guarantee
 * @param events events in each round
 * @param meanImageBytes mean size of their images
 * @param bareImagesPerSecond the loop without Kafka, a value per round
 * @param streamImagesPerSecond from the backlog to results that read_committed shows, a value per
 *     round
 * @param ratio median over the rounds of stream ÷ bare
 * @param meanBatch mean size of the micro-batches in which an event was answered
 */
public record StreamReport(
    String machine,
    String java,
    String model,
    String guarantee,
    int events,
    long meanImageBytes,
    List<Double> bareImagesPerSecond,
    List<Double> streamImagesPerSecond,
    double ratio,
    double meanBatch) {}
