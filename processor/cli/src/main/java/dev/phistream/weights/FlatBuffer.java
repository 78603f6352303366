package dev.phistream.weights;

import dev.phistream.model.ModelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads FlatBuffers: tables of fields and vectors, each found by an offset that is checked against
 * the buffer. The format is described in FlatBuffers' internals.
 */
final class FlatBuffer {
  private final ByteBuffer bytes;
  private final String place;

  /**
   * Reads from {@code bytes}.
   *
   * @param place what messages call the file
   */
  FlatBuffer(byte[] bytes, String place) {
    this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    this.place = place;
  }

  /** The table that everything hangs on. */
  Table root() throws ModelException {
    return new Table(follow(0));
  }

  /** Where the offset at a position leads. */
  private int follow(int position) throws ModelException {
    check(position, Integer.BYTES);
    long target = position + (bytes.getInt(position) & 0xffffffffL);
    if (target > bytes.capacity() - Integer.BYTES) {
      throw damaged();
    }
    return (int) target;
  }

  private void check(long position, long length) throws ModelException {
    if (position < 0 || length < 0 || position + length > bytes.capacity()) {
      throw damaged();
    }
  }

  private ModelException damaged() {
    return new ModelException(
        "%s: damaged: it points outside of itself (expected: a whole TFLite file)"
            .formatted(place));
  }

  /** A table: fields by number, each of which may be absent. */
  final class Table {
    private final int position;

    private Table(int position) {
      this.position = position;
    }

    /** A signed byte, or {@code absent}. */
    int byteAt(int field, int absent) throws ModelException {
      int at = at(field, Byte.BYTES);
      return at < 0 ? absent : bytes.get(at);
    }

    /** A 32-bit number, or {@code absent}. */
    int intAt(int field, int absent) throws ModelException {
      int at = at(field, Integer.BYTES);
      return at < 0 ? absent : bytes.getInt(at);
    }

    /** A 64-bit number, or {@code absent}. */
    long longAt(int field, long absent) throws ModelException {
      int at = at(field, Long.BYTES);
      return at < 0 ? absent : bytes.getLong(at);
    }

    /** A table within this one. */
    Optional<Table> table(int field) throws ModelException {
      int at = at(field, Integer.BYTES);
      return at < 0 ? Optional.empty() : Optional.of(new Table(follow(at)));
    }

    /**
     * A vector; an absent one is empty.
     *
     * @param width bytes of an element
     */
    Vector vector(int field, int width) throws ModelException {
      int at = at(field, Integer.BYTES);
      if (at < 0) {
        return new Vector(0, 0, width);
      }
      int start = follow(at);
      long length = bytes.getInt(start) & 0xffffffffL;
      check(start + (long) Integer.BYTES, length * width);
      return new Vector(start + Integer.BYTES, (int) length, width);
    }

    /** A text; an absent one is empty. */
    String text(int field) throws ModelException {
      return new String(vector(field, 1).bytes(), StandardCharsets.UTF_8);
    }

    private int at(int field, int width) throws ModelException {
      check(position, Integer.BYTES);
      long fields = (long) position - bytes.getInt(position);
      check(fields, 2 * Short.BYTES);
      int slot = (2 + field) * Short.BYTES;
      if (slot >= (bytes.getShort((int) fields) & 0xffff)) {
        return -1;
      }
      check(fields + slot, Short.BYTES);
      int offset = bytes.getShort((int) fields + slot) & 0xffff;
      if (offset == 0) {
        return -1;
      }
      check((long) position + offset, width);
      return position + offset;
    }
  }

  /** A vector of numbers or of tables. */
  final class Vector {
    private final int start;
    private final int length;
    private final int width;

    private Vector(int start, int length, int width) {
      this.start = start;
      this.length = length;
      this.width = width;
    }

    int length() {
      return length;
    }

    /** A 32-bit number. */
    int intAt(int index) throws ModelException {
      return bytes.getInt(position(index));
    }

    /** A 64-bit number. */
    long longAt(int index) throws ModelException {
      return bytes.getLong(position(index));
    }

    /** A 32-bit floating-point number. */
    float floatAt(int index) throws ModelException {
      return bytes.getFloat(position(index));
    }

    /** A table. */
    Table table(int index) throws ModelException {
      return new Table(follow(position(index)));
    }

    /** All bytes. */
    byte[] bytes() {
      byte[] copy = new byte[length * width];
      bytes.get(start, copy);
      return copy;
    }

    private int position(int index) throws ModelException {
      if (index < 0 || index >= length) {
        throw damaged();
      }
      return start + index * width;
    }
  }
}
