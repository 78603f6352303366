package dev.phistream.schema;

import dev.phistream.event.CascadeStage;
import dev.phistream.event.Classification;
import dev.phistream.event.Comparison;
import dev.phistream.event.ImageEvent;
import dev.phistream.event.ImageReference;
import dev.phistream.event.Label;
import dev.phistream.event.ModelOutput;
import dev.phistream.event.ModelReference;
import dev.phistream.event.Origin;
import dev.phistream.event.Tier;
import dev.phistream.event.TierLoad;
import dev.phistream.event.Timings;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.specific.SpecificData;
import org.jspecify.annotations.Nullable;

/**
 * Avro's view of our generated classes. Since 1.12.2 Avro refuses to instantiate a class that a
 * schema names unless a system property trusts it; this model knows our classes beforehand, so that
 * nobody has to set one.
 */
final class EventModel extends SpecificData {
  private static final Map<String, Class<?>> CLASSES =
      List.of(
              CascadeStage.class,
              Classification.class,
              Comparison.class,
              ImageEvent.class,
              ImageReference.class,
              Label.class,
              ModelReference.class,
              ModelOutput.class,
              Origin.class,
              Tier.class,
              TierLoad.class,
              Timings.class)
          .stream()
          .collect(Collectors.toMap(Class::getName, Function.identity()));

  EventModel() {
    super(ImageEvent.class.getClassLoader());
    addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
  }

  @Override
  @SuppressWarnings("rawtypes") // as overridden
  public @Nullable Class getClass(Schema schema) {
    Class<?> ours =
        switch (schema.getType()) {
          case RECORD, ENUM, FIXED -> CLASSES.get(schema.getFullName());
          default -> null;
        };
    return ours == null ? super.getClass(schema) : ours;
  }
}
