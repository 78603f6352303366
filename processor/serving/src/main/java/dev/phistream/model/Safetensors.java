package dev.phistream.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Files of named tensors: an 8-byte little-endian length, a JSON header of that length, and the
 * values. Float32, float16 and bfloat16 are read as float32, unsigned bytes as 0 to 255; other
 * integer tensors (timm's {@code num_batches_tracked}) are passed over.
 */
public final class Safetensors {
  /** How values are written. */
  public enum Precision {
    /** Four bytes a value. */
    F32(Float.BYTES),
    /** Two bytes a value, rounded to the nearest half. */
    F16(Short.BYTES),
    /** One byte a value; values are whole numbers from 0 to 255. */
    U8(Byte.BYTES);

    private final int bytes;

    Precision(int bytes) {
      this.bytes = bytes;
    }
  }

  private static final int MAX_HEADER_BYTES = 100_000_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private Safetensors() {}

  /**
   * Reads a file.
   *
   * @throws ModelException when it is none of this format, is cut off, or holds values of a kind
   *     that is not known
   */
  public static Map<String, Tensor> read(Path file) throws ModelException, IOException {
    return read(Files.readAllBytes(file), file.toString());
  }

  /**
   * Reads from memory.
   *
   * @param place what messages call the bytes
   * @throws ModelException as for a file
   */
  public static Map<String, Tensor> read(byte[] bytes, String place) throws ModelException {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < Long.BYTES) {
      throw new ModelException(
          "%s: %d bytes (expected: a safetensors file)".formatted(place, bytes.length));
    }
    long headerBytes = in.getLong();
    if (headerBytes < 2 || headerBytes > Math.min(MAX_HEADER_BYTES, in.remaining())) {
      throw new ModelException(
          "%s: header of %d bytes in a file of %d (expected: a safetensors file, whole)"
              .formatted(place, headerBytes, bytes.length));
    }
    JsonNode header = header(bytes, (int) headerBytes, place);
    int dataStart = Long.BYTES + (int) headerBytes;
    checkApart(header, place);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : header.properties()) {
      if (entry.getKey().equals("__metadata__")) {
        continue;
      }
      String type = entry.getValue().path("dtype").asText();
      if (!type.equals("U8") && (type.matches("[IU].*") || type.equals("BOOL"))) {
        continue;
      }
      ByteBuffer data = data(in, dataStart, entry.getKey(), entry.getValue(), place);
      tensors.put(entry.getKey(), tensor(data, type, entry.getKey(), entry.getValue(), place));
    }
    return tensors;
  }

  /** The bytes of a file that holds {@code tensors} in their order. */
  public static byte[] write(Map<String, Tensor> tensors, Precision precision) {
    ObjectNode header = JSON.createObjectNode();
    int offset = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      ObjectNode description = header.putObject(entry.getKey());
      description.put("dtype", precision.name());
      ArrayNode shape = description.putArray("shape");
      entry.getValue().shape().forEach(shape::add);
      int end = Math.addExact(offset, precision.bytes * entry.getValue().values().length);
      description.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    byte[] json = header.toString().getBytes(UTF_8);
    // Readers map the file; the values begin at a multiple of 8.
    int padding = Math.floorMod(-json.length, Long.BYTES);
    ByteBuffer out =
        ByteBuffer.allocate(Long.BYTES + json.length + padding + offset)
            .order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(json.length + padding).put(json).put(" ".repeat(padding).getBytes(UTF_8));
    for (Tensor tensor : tensors.values()) {
      for (float value : tensor.values()) {
        switch (precision) {
          case F32 -> out.putFloat(value);
          case F16 -> out.putShort(HalfFloat.fromFloat(value));
          case U8 -> out.put((byte) (int) value);
        }
      }
    }
    return out.array();
  }

  private static JsonNode header(byte[] bytes, int length, String place) throws ModelException {
    try {
      JsonNode header = JSON.readTree(new String(bytes, Long.BYTES, length, UTF_8));
      if (!header.isObject()) {
        throw new ModelException(place + ": the header is no JSON object (expected: safetensors)");
      }
      return header;
    } catch (JacksonException e) {
      throw new ModelException(place + ": the header is no JSON (expected: safetensors)", e);
    }
  }

  /** No two tensors may share bytes: such a file was put together wrongly. */
  private static void checkApart(JsonNode header, String place) throws ModelException {
    record Range(String name, long begin, long end) {}
    List<Range> ranges = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : header.properties()) {
      JsonNode offsets = entry.getValue().path("data_offsets");
      ranges.add(new Range(entry.getKey(), offsets.path(0).asLong(), offsets.path(1).asLong()));
    }
    ranges.removeIf(range -> range.begin() >= range.end());
    ranges.sort(Comparator.comparingLong(Range::begin));
    for (int i = 1; i < ranges.size(); i++) {
      Range before = ranges.get(i - 1);
      Range range = ranges.get(i);
      if (range.begin() < before.end()) {
        throw new ModelException(
            "%s: tensor %s begins at byte %d within tensor %s (expected: at %d or later; the file is damaged)"
                .formatted(place, range.name(), range.begin(), before.name(), before.end()));
      }
    }
  }

  private static ByteBuffer data(
      ByteBuffer file, int dataStart, String name, JsonNode description, String place)
      throws ModelException {
    long begin = description.path("data_offsets").path(0).asLong(-1);
    long end = description.path("data_offsets").path(1).asLong(-1);
    long available = (long) file.capacity() - dataStart;
    if (begin < 0 || end < begin || end > available) {
      throw new ModelException(
          "%s: tensor %s lies at bytes %d to %d of %d (expected: within the file; it is cut off or damaged)"
              .formatted(place, name, begin, end, available));
    }
    return file.slice(dataStart + (int) begin, (int) (end - begin)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static Tensor tensor(
      ByteBuffer data, String type, String name, JsonNode description, String place)
      throws ModelException {
    List<Integer> shape = shape(name, description, place);
    int width = width(type, name, place);
    long bytes = bytes(shape, width);
    if (bytes != data.remaining()) {
      throw new ModelException(
          "%s: tensor %s of shape %s has %d bytes (expected: %s)"
              .formatted(
                  place,
                  name,
                  shape,
                  data.remaining(),
                  bytes == Long.MAX_VALUE ? "more than any file" : bytes));
    }
    float[] values = new float[data.remaining() / width];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (type) {
            case "F32" -> data.getFloat();
            case "F16" -> HalfFloat.toFloat(data.getShort());
            case "BF16" -> Float.intBitsToFloat(data.getShort() << 16);
            default -> data.get() & 0xff;
          };
    }
    return new Tensor(shape, values);
  }

  private static List<Integer> shape(String name, JsonNode description, String place)
      throws ModelException {
    List<Integer> shape = new ArrayList<>();
    JsonNode sizes = description.path("shape");
    for (JsonNode size : sizes) {
      if (size.isInt() && size.intValue() >= 0) {
        shape.add(size.intValue());
      }
    }
    if (!sizes.isArray() || shape.size() != sizes.size()) {
      throw new ModelException(
          "%s: tensor %s has shape %s (expected: whole numbers from 0 on)"
              .formatted(place, name, sizes));
    }
    return shape;
  }

  /** Bytes of a tensor; {@link Long#MAX_VALUE} if they cannot be counted. */
  private static long bytes(List<Integer> shape, int width) {
    try {
      return Math.multiplyExact(Tensor.elements(shape), width);
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE;
    }
  }

  /** Bytes of a value. */
  private static int width(String type, String name, String place) throws ModelException {
    return switch (type) {
      case "F32" -> Float.BYTES;
      case "F16", "BF16" -> Short.BYTES;
      case "U8" -> Byte.BYTES;
      default ->
          throw new ModelException(
              "%s: tensor %s is of type '%s' (expected: F32, F16, BF16 or U8)"
                  .formatted(place, name, type));
    };
  }
}
