package dev.phistream.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
  @ParameterizedTest
  @EnumSource(Safetensors.Precision.class)
  void tensors_come_back_in_order_with_their_shapes_and_values(Safetensors.Precision precision)
      throws Exception {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("z", new Tensor(List.of(2, 3), new float[] {0, 1, 2, 128, 254, 255}));
    tensors.put("a", Tensor.vector(7));
    tensors.put("none", new Tensor(List.of(0, 4), new float[0]));
    tensors.put("scalar", new Tensor(List.of(), new float[] {3}));

    Map<String, Tensor> read = Safetensors.read(Safetensors.write(tensors, precision), "test");

    assertThat(read.keySet()).containsExactly("z", "a", "none", "scalar");
    tensors.forEach(
        (name, tensor) -> {
          assertThat(tensor(read, name).shape()).isEqualTo(tensor.shape());
          assertThat(tensor(read, name).values()).isEqualTo(tensor.values());
        });
  }

  @Property
  void float32_values_come_back_bit_by_bit(@ForAll @Size(max = 20) float[] values)
      throws Exception {
    byte[] file = Safetensors.write(Map.of("x", Tensor.vector(values)), Safetensors.Precision.F32);

    assertThat(tensor(Safetensors.read(file, "test"), "x").values()).isEqualTo(values);
  }

  @Test
  void float16_values_come_back_as_the_nearest_half() throws Exception {
    byte[] file =
        Safetensors.write(Map.of("x", Tensor.vector(0.1f, -2049f)), Safetensors.Precision.F16);

    assertThat(tensor(Safetensors.read(file, "test"), "x").values())
        .containsExactly(0.099975586f, -2048f);
  }

  @Test
  void bfloat16_is_read_as_float32() throws Exception {
    byte[] file =
        file("{'x':{'dtype':'BF16','shape':[2],'data_offsets':[0,4]}}", 0x80, 0x3f, 0, 0xc0);

    assertThat(tensor(Safetensors.read(file, "test"), "x").values()).containsExactly(1f, -2f);
  }

  @Test
  void metadata_and_counters_are_passed_over() throws Exception {
    byte[] file =
        file(
            "{'__metadata__':{'format':'pt'},"
                + "'bn1.num_batches_tracked':{'dtype':'I64','shape':[],'data_offsets':[0,8]}}",
            1,
            0,
            0,
            0,
            0,
            0,
            0,
            0);

    assertThat(Safetensors.read(file, "test")).isEmpty();
  }

  @Test
  void a_file_is_read_from_disk_and_named_in_messages(@TempDir Path folder) throws Exception {
    Path whole = folder.resolve("whole.safetensors");
    Path cut = folder.resolve("cut.safetensors");
    byte[] bytes = Safetensors.write(Map.of("x", Tensor.vector(1, 2)), Safetensors.Precision.F32);
    Files.write(whole, bytes);
    Files.write(cut, Arrays.copyOf(bytes, bytes.length - 1));

    assertThat(Safetensors.read(whole)).containsOnlyKeys("x");
    assertThatThrownBy(() -> Safetensors.read(cut))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            cut
                + ": tensor x lies at bytes 0 to 8 of 7"
                + " (expected: within the file; it is cut off or damaged)");
  }

  @Property(tries = 200)
  void a_file_cut_off_anywhere_is_refused(@ForAll @IntRange(max = 1000) int position) {
    byte[] whole =
        Safetensors.write(
            Map.of("x", Tensor.vector(1, 2, 3), "y", Tensor.vector(4)), Safetensors.Precision.F32);
    byte[] cut = Arrays.copyOf(whole, position % whole.length);

    assertThatThrownBy(() -> Safetensors.read(cut, "test")).isInstanceOf(ModelException.class);
  }

  @Property(tries = 1000)
  void a_damaged_file_is_read_or_refused_and_nothing_else(
      @ForAll @IntRange(max = 1000) int position, @ForAll byte value) {
    byte[] damaged =
        Safetensors.write(
            Map.of("x", Tensor.vector(1, 2, 3), "y", Tensor.vector(4)), Safetensors.Precision.F32);
    damaged[position % damaged.length] = value;

    try {
      assertThat(Safetensors.read(damaged, "test")).isNotNull();
    } catch (ModelException e) {
      assertThat(e).hasMessageStartingWith("test: ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      longs = {-1, 0, 1, 1000, Integer.MAX_VALUE, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE})
  void a_header_length_beyond_the_file_is_refused(long length) {
    byte[] file = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();

    assertThatThrownBy(() -> Safetensors.read(file, "test"))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "test: header of %d bytes in a file of 16 (expected: a safetensors file, whole)"
                .formatted(length));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1]", "{'x'", "PK\3\4 zip", "12"})
  void a_header_that_is_no_json_object_is_refused(String header) {
    assertThatThrownBy(() -> Safetensors.read(file(header), "test"))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("test: the header is no JSON")
        .hasMessageEndingWith("(expected: safetensors)");
  }

  @Test
  void too_few_bytes_for_a_length_are_refused() {
    assertThatThrownBy(() -> Safetensors.read(new byte[3], "test"))
        .hasMessage("test: 3 bytes (expected: a safetensors file)");
  }

  @Test
  void tensors_that_share_bytes_are_refused() {
    byte[] file =
        file(
            "{'x':{'dtype':'U8','shape':[3],'data_offsets':[0,3]},"
                + "'y':{'dtype':'U8','shape':[2],'data_offsets':[2,4]}}",
            1,
            2,
            3,
            4);

    assertThatThrownBy(() -> Safetensors.read(file, "test"))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "test: tensor y begins at byte 2 within tensor x (expected: at 3 or later; the file is damaged)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "F32 | [2]                      | [0,4]  | tensor x of shape [2] has 4 bytes (expected: 8)",
        "F64 | [1]                      | [0,4]  | tensor x is of type 'F64' (expected: F32, F16, BF16 or U8)",
        "F32 | [-1]                     | [0,4]  | tensor x has shape [-1] (expected: whole numbers from 0 on)",
        "F32 | [\"1\"]                  | [0,4]  | tensor x has shape [\"1\"] (expected: whole numbers from 0 on)",
        "F32 | [4294967297]             | [0,4]  | tensor x has shape [4294967297] (expected: whole numbers from 0 on)",
        "F32 | [2147483647, 2147483647, 3] | [0,4] | tensor x of shape [2147483647, 2147483647, 3] has 4 bytes (expected: more than any file)",
        "F32 | 1                        | [0,4]  | tensor x has shape 1 (expected: whole numbers from 0 on)",
        "F32 | [1]                      | [4,0]  | tensor x lies at bytes 4 to 0 of 4 (expected: within the file; it is cut off or damaged)",
        "F32 | [1]                      | [0]    | tensor x lies at bytes 0 to -1 of 4 (expected: within the file; it is cut off or damaged)",
        "F32 | [1]                      | [0,8]  | tensor x lies at bytes 0 to 8 of 4 (expected: within the file; it is cut off or damaged)",
      })
  void a_description_that_does_not_fit_is_refused_by_name(
      String type, String shape, String offsets, String message) {
    byte[] file =
        file(
            "{'x':{'dtype':'%s','shape':%s,'data_offsets':%s}}".formatted(type, shape, offsets),
            0,
            0,
            0,
            0);

    assertThatThrownBy(() -> Safetensors.read(file, "test"))
        .isInstanceOf(ModelException.class)
        .hasMessage("test: " + message);
  }

  private static Tensor tensor(Map<String, Tensor> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }

  /** A file with a header whose quotes are written as apostrophes. */
  private static byte[] file(String header, int... data) {
    byte[] json = header.replace('\'', '"').getBytes(UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(Long.BYTES + json.length + data.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(json.length)
            .put(json);
    for (int value : data) {
      file.put((byte) value);
    }
    return file.array();
  }
}
