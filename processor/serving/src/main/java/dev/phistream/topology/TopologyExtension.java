package dev.phistream.topology;

import org.apache.kafka.streams.processor.api.ProcessorSupplier;

/**
 * What somebody places around the classifying processor: in its task, so that its stores commit
 * with the ledger, the outcomes and the offsets.
 *
 * @param gate takes every record of the input; what it forwards to {@link #CLASSIFIER} is
 *     classified, what it forwards to {@link #NOTICES} goes to the notices' topic
 * @param labelled takes every result and forwards it
 * @param deadLettered takes every dead letter and forwards it
 * @param noticesTopic where the gate's notices go
 */
public record TopologyExtension(
    ProcessorSupplier<byte[], byte[], byte[], byte[]> gate,
    ProcessorSupplier<byte[], byte[], byte[], byte[]> labelled,
    ProcessorSupplier<byte[], byte[], byte[], byte[]> deadLettered,
    String noticesTopic) {
  /** The child to which the gate forwards what is to be classified. */
  public static final String CLASSIFIER = TopologyFactory.PROCESSOR;

  /** The child to which the gate forwards what it has to say. */
  public static final String NOTICES = "notices";
}
