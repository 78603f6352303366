package dev.phistream.replay;

import dev.phistream.event.ImageEvent;
import dev.phistream.wire.EventReader;
import dev.phistream.wire.EventRecord;
import dev.phistream.wire.UnreadableEventException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.commons.codec.digest.MurmurHash3;
import org.jspecify.annotations.Nullable;

/**
 * Leaves out what a selection does not want. An event that cannot be read is taken, since nobody
 * can tell, and becomes a dead letter. Thread-safe.
 */
final class SelectionFilter implements EventFilter {
  private static final double HASHES = 1L << Integer.SIZE;

  private final Selection selection;
  private final EventReader reader;

  SelectionFilter(Selection selection, EventReader reader) {
    this.selection = selection;
    this.reader = reader;
  }

  @Override
  public @Nullable String reasonToSkip(EventRecord record) {
    if (selection.share() < 1 && position(record) >= selection.share()) {
      return "sample";
    }
    if (!selection.needsEvent()) {
      return null;
    }
    ImageEvent event;
    try {
      event = reader.read(record);
    } catch (UnreadableEventException e) {
      return null;
    }
    if (!selection.sources().isEmpty() && !selection.sources().contains(event.getSource())) {
      return "source";
    }
    if (!selection.tiers().isEmpty() && !selection.tiers().contains(event.getTier())) {
      return "tier";
    }
    for (Map.Entry<String, String> wanted : selection.attributes().entrySet()) {
      if (!wanted.getValue().equals(event.getAttributes().get(wanted.getKey()))) {
        return "attribute";
      }
    }
    return null;
  }

  /**
   * Where the event's key falls between 0 and 1: another hash than Kafka's partitioner uses, else
   * samples would be of some partitions only. Events without a key count by their place.
   */
  private static double position(EventRecord record) {
    byte[] key = record.key();
    if (key == null) {
      key =
          ByteBuffer.allocate(Integer.BYTES + Long.BYTES)
              .putInt(record.partition())
              .putLong(record.offset())
              .array();
    }
    return Integer.toUnsignedLong(MurmurHash3.hash32x86(key)) / HASHES;
  }
}
