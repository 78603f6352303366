package dev.phistream.schema;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phistream.event.ImageEvent;
import java.util.Arrays;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParser;
import org.junit.jupiter.api.Test;

class RecordReaderTest {
  @Test
  void a_writer_whose_records_are_something_else_is_refused_at_once() {
    Schema other =
        parse("{'type': 'record', 'name': 'Other', 'fields': [{'name': 'id', 'type': 'int'}]}");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RecordReader<ImageEvent>(other, ImageEvent.getClassSchema()))
        .withMessageStartingWith("writer schema: Other (expected: one that can be read as");
  }

  @Test
  void records_that_nest_without_end_are_refused() {
    Schema nesting =
        parse(
            "{'type': 'record', 'name': 'ImageEvent', 'fields': ["
                + "{'name': 'more', 'type': {'type': 'record', 'name': 'More', 'fields': ["
                + "{'name': 'more', 'type': ['null', 'More']}]}},"
                + "{'name': 'id', 'type': 'string'}, {'name': 'source', 'type': 'string'},"
                + "{'name': 'capturedAt', 'type': 'long'}, {'name': 'image', 'type': 'bytes'}]}");
    byte[] bytes = new byte[4 << 20];
    Arrays.fill(bytes, (byte) 2);

    assertThatThrownBy(
            () -> new RecordReader<ImageEvent>(nesting, ImageEvent.getClassSchema()).read(bytes, 0))
        .isInstanceOf(UnreadableRecordException.class);
  }

  private static Schema parse(String json) {
    return new SchemaParser().parse(json.replace('\'', '"')).mainSchema();
  }
}
