package dev.phistream.bench.peer;

import dev.phistream.model.Model;

/**
 * What a peer shall do.
 *
 * @param bootstrap Kafka brokers
 * @param group its consumer group, or application id
 * @param input topic of encoded images
 * @param output topic for labels, with the keys of the input
 * @param guarantee Kafka Streams' processing guarantee
 * @param model to predict with
 * @param threads that work side by side
 */
public record PeerJob(
    String bootstrap,
    String group,
    String input,
    String output,
    String guarantee,
    Model model,
    int threads) {}
