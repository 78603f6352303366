package dev.phistream.model;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A Protocol Buffers message: fields by number, written in the order in which they were added. It
 * knows its size before it is written, so that large arrays are never copied whole.
 */
final class ProtobufMessage {
  private static final int CHUNK = 1 << 14;

  private interface Field {
    void write(CodedOutputStream out) throws IOException;
  }

  private final List<Field> fields = new ArrayList<>();
  private int size;

  ProtobufMessage add(int number, long value) {
    return add(
        CodedOutputStream.computeInt64Size(number, value), out -> out.writeInt64(number, value));
  }

  ProtobufMessage add(int number, String value) {
    return add(
        CodedOutputStream.computeStringSize(number, value), out -> out.writeString(number, value));
  }

  /** The message may not change any more. */
  ProtobufMessage add(int number, ProtobufMessage message) {
    return add(number, message.size, message::writeFields);
  }

  /** Bytes: the floats, little-endian. */
  ProtobufMessage add(int number, float[] values) {
    return add(number, Math.multiplyExact(values.length, Float.BYTES), out -> write(values, out));
  }

  /** Bytes, not copied. */
  ProtobufMessage add(int number, byte[] values) {
    return add(number, values.length, out -> out.writeRawBytes(values));
  }

  void writeTo(OutputStream stream) throws IOException {
    CodedOutputStream out = CodedOutputStream.newInstance(stream);
    writeFields(out);
    out.flush();
  }

  private ProtobufMessage add(int number, int length, Field content) {
    int prefix =
        CodedOutputStream.computeTagSize(number) + CodedOutputStream.computeUInt32SizeNoTag(length);
    return add(
        Math.addExact(prefix, length),
        out -> {
          // A message is marked as bytes are: length first.
          out.writeTag(number, 2);
          out.writeUInt32NoTag(length);
          content.write(out);
        });
  }

  /** Fails at 2 GiB, where Protocol Buffers end. */
  private ProtobufMessage add(int bytes, Field field) {
    size = Math.addExact(size, bytes);
    fields.add(field);
    return this;
  }

  private void writeFields(CodedOutputStream out) throws IOException {
    for (Field field : fields) {
      field.write(out);
    }
  }

  private static void write(float[] values, CodedOutputStream out) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < values.length; from += CHUNK) {
      int count = Math.min(CHUNK, values.length - from);
      chunk.asFloatBuffer().put(values, from, count);
      out.write(chunk.array(), 0, count * Float.BYTES);
    }
  }
}
