package dev.phistream.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.phistream.event.CascadeStage;
import dev.phistream.event.Classification;
import dev.phistream.event.Label;
import dev.phistream.event.ModelReference;
import dev.phistream.event.Origin;
import dev.phistream.event.Tier;
import dev.phistream.event.TierLoad;
import dev.phistream.event.Timings;
import dev.phistream.schema.UnreadableRecordException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Classifications as JSON objects whose members are the schema's fields, in its order: enums by
 * name, times as ISO 8601 in UTC, nulls kept.
 */
public final class ClassificationJson {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private ClassificationJson() {}

  /** The JSON object; the caller's, to add to. */
  public static ObjectNode object(Classification result) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("eventId", result.getEventId());
    json.put("source", result.getSource());
    put(json.putArray("labels"), result.getLabels());
    json.put("variant", result.getVariant());
    put(json.putObject("model"), result.getModel());
    json.put("engine", result.getEngine());
    json.put("device", result.getDevice());
    json.put("requestedTier", result.getRequestedTier().name());
    json.put("degraded", result.getDegraded());
    json.put("batchSize", result.getBatchSize());
    json.putObject("timings")
        .put("queueMs", result.getTimings().getQueueMs())
        .put("decodeMs", result.getTimings().getDecodeMs())
        .put("inferenceMs", result.getTimings().getInferenceMs())
        .put("totalMs", result.getTimings().getTotalMs())
        .put("fetchMs", result.getTimings().getFetchMs());
    put(json.putObject("origin"), result.getOrigin());
    json.put("classifiedAt", result.getClassifiedAt().toString());
    TierLoad load = result.getLoad();
    if (load == null) {
      json.putNull("load");
    } else {
      json.putObject("load")
          .put("queueDepth", load.getQueueDepth())
          .put("predictedWaitMs", load.getPredictedWaitMs())
          .put("degraded", load.getDegraded())
          .put("rejected", load.getRejected());
    }
    CascadeStage cascade = result.getCascade();
    if (cascade == null) {
      json.putNull("cascade");
    } else {
      json.putObject("cascade")
          .put("small", cascade.getSmall())
          .put("confidence", cascade.getConfidence())
          .put("threshold", cascade.getThreshold())
          .put("escalated", cascade.getEscalated());
    }
    return json;
  }

  static void put(ArrayNode json, List<Label> labels) {
    for (Label label : labels) {
      json.addObject()
          .put("index", label.getIndex())
          .put("label", label.getLabel())
          .put("score", label.getScore());
    }
  }

  static void put(ObjectNode json, ModelReference model) {
    json.put("id", model.getId()).put("weightsDigest", model.getWeightsDigest());
  }

  static void put(ObjectNode json, Origin origin) {
    json.put("topic", origin.getTopic())
        .put("partition", origin.getPartition())
        .put("offset", origin.getOffset());
  }

  /** The JSON object in UTF-8, on one line without an end. */
  public static byte[] bytes(Classification result) {
    try {
      return MAPPER.writeValueAsBytes(object(result));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e); // cannot be: nothing is read, and memory takes the bytes
    }
  }

  /**
   * Reads such an object. Further members are left out.
   *
   * @throws UnreadableRecordException when it is none
   */
  public static Classification read(byte[] json) throws UnreadableRecordException {
    try {
      return classification(MAPPER.readTree(json));
    } catch (IOException | DateTimeException | IllegalArgumentException e) {
      throw new UnreadableRecordException(
          "record: not a classification in JSON: " + e.getMessage(), e);
    }
  }

  private static Classification classification(JsonNode json) {
    List<Label> labels = new ArrayList<>();
    for (JsonNode label : json.required("labels")) {
      labels.add(
          new Label(integer(label, "index"), text(label, "label"), (float) number(label, "score")));
    }
    JsonNode model = json.required("model");
    JsonNode timings = json.required("timings");
    JsonNode origin = json.required("origin");
    return Classification.newBuilder()
        .setEventId(text(json, "eventId"))
        .setSource(text(json, "source"))
        .setLabels(labels)
        .setVariant(text(json, "variant"))
        .setModel(new ModelReference(text(model, "id"), text(model, "weightsDigest")))
        .setEngine(text(json, "engine"))
        .setDevice(text(json, "device"))
        .setRequestedTier(Tier.valueOf(text(json, "requestedTier")))
        .setDegraded(json.path("degraded").textValue())
        .setBatchSize(integer(json, "batchSize"))
        .setTimings(
            new Timings(
                number(timings, "queueMs"),
                number(timings, "decodeMs"),
                number(timings, "inferenceMs"),
                number(timings, "totalMs"),
                timings.has("fetchMs") ? number(timings, "fetchMs") : 0))
        .setOrigin(
            new Origin(
                text(origin, "topic"), integer(origin, "partition"), integral(origin, "offset")))
        .setClassifiedAt(Instant.parse(text(json, "classifiedAt")))
        .setLoad(load(json.path("load")))
        .setCascade(cascade(json.path("cascade")))
        .build();
  }

  /** Null where there is none, as in results of earlier versions. */
  private static @Nullable TierLoad load(JsonNode json) {
    return json.isMissingNode() || json.isNull()
        ? null
        : new TierLoad(
            integer(json, "queueDepth"),
            number(json, "predictedWaitMs"),
            integral(json, "degraded"),
            integral(json, "rejected"));
  }

  private static @Nullable CascadeStage cascade(JsonNode json) {
    if (json.isMissingNode() || json.isNull()) {
      return null;
    }
    JsonNode escalated = json.required("escalated");
    return new CascadeStage(
        text(json, "small"),
        number(json, "confidence"),
        number(json, "threshold"),
        check(escalated.isBoolean(), escalated, "escalated", "true or false").booleanValue());
  }

  private static String text(JsonNode object, String member) {
    JsonNode value = object.required(member);
    return check(value.isTextual(), value, member, "a text").textValue();
  }

  private static int integer(JsonNode object, String member) {
    JsonNode value = object.required(member);
    return check(
            value.isIntegralNumber() && value.canConvertToInt(), value, member, "a whole number")
        .intValue();
  }

  private static long integral(JsonNode object, String member) {
    JsonNode value = object.required(member);
    return check(
            value.isIntegralNumber() && value.canConvertToLong(), value, member, "a whole number")
        .longValue();
  }

  private static double number(JsonNode object, String member) {
    JsonNode value = object.required(member);
    return check(value.isNumber(), value, member, "a number").doubleValue();
  }

  private static JsonNode check(boolean right, JsonNode value, String member, String expected) {
    if (!right) {
      throw new IllegalArgumentException(
          "%s: %s (expected: %s)".formatted(member, value, expected));
    }
    return value;
  }
}
