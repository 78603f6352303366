package dev.phistream.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.phistream.event.Comparison;
import dev.phistream.event.ModelOutput;
import java.io.UncheckedIOException;

/** Comparisons as JSON objects, as {@link ClassificationJson} has classifications. */
final class ComparisonJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ComparisonJson() {}

  /** The JSON object in UTF-8, on one line without an end. */
  static byte[] bytes(Comparison comparison) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("eventId", comparison.getEventId());
    json.put("source", comparison.getSource());
    json.put("trial", comparison.getTrial());
    json.put("variant", comparison.getVariant());
    put(json.putObject("answered"), comparison.getAnswered());
    put(json.putObject("other"), comparison.getOther());
    json.put("agreed", comparison.getAgreed());
    json.put("scoreDifference", comparison.getScoreDifference());
    ClassificationJson.put(json.putObject("origin"), comparison.getOrigin());
    json.put("comparedAt", comparison.getComparedAt().toString());
    try {
      return MAPPER.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e); // cannot be: nothing is read, and memory takes the bytes
    }
  }

  private static void put(ObjectNode json, ModelOutput output) {
    ClassificationJson.put(json.putObject("model"), output.getModel());
    ClassificationJson.put(json.putArray("labels"), output.getLabels());
    json.put("totalMs", output.getTotalMs());
  }
}
