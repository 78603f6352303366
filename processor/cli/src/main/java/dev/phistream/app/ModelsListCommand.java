package dev.phistream.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.phistream.image.Preprocessing;
import dev.phistream.model.ModelCard;
import dev.phistream.model.ModelDirectory;
import dev.phistream.model.ModelException;
import dev.phistream.model.ModelLocator;
import dev.phistream.repository.Catalogue;
import dev.phistream.repository.ModelRepository;
import dev.phistream.repository.RepositoryException;
import dev.phistream.repository.WeightSet;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What models there are. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "List the models: bundled, in the repository, and published ones.")
final class ModelsListCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NONE = "-";

  private final Console console;

  @Mixin private RepositoryOption repository = new RepositoryOption();

  @Option(names = "--available", description = "Also the published ones that pull can fetch.")
  private boolean available;

  @Option(names = "--json", description = "One JSON object per line.")
  private boolean json;

  ModelsListCommand(Console console) {
    this.console = console;
  }

  /** A line of the list; what is not known is null. */
  private record Row(
      String id,
      @Nullable String variant,
      @Nullable Preprocessing preprocessing,
      @Nullable Preprocessing atTestSize,
      @Nullable Integer classes,
      @Nullable Double top1,
      @Nullable Double testTop1,
      String place,
      @Nullable String error) {}

  @Override
  public Integer call() throws RepositoryException {
    ModelRepository models = repository.repository();
    Columns table =
        new Columns(
            console.out(),
            "id:32",
            "variant:7",
            "size:4",
            "test:4",
            "crop:5",
            "classes:7",
            "top-1:5",
            "test:5",
            "where:0");
    for (String id : ModelLocator.BUNDLED) {
      ModelDirectory bundled = ModelDirectory.bundled(id);
      if (bundled != null) {
        print(table, row(id, bundled, "bundled"));
      }
    }
    for (String id : models.ids()) {
      print(table, row(id, models.model(id), models.path(id).toString()));
    }
    if (available) {
      for (WeightSet set : Catalogue.ALL) {
        if (!models.has(set.id())) {
          print(table, row(set));
        }
      }
    }
    console.out().flush();
    return 0;
  }

  private static Row row(String id, ModelDirectory directory, String place) {
    try {
      ModelCard card = directory.card();
      Object top1 = card.facts() == null ? null : card.facts().get("publishedTop1");
      return new Row(
          id,
          card.variant(),
          card.preprocessing(),
          null,
          card.classes(),
          top1 instanceof Number number ? number.doubleValue() : null,
          null,
          place,
          null);
    } catch (ModelException e) {
      return new Row(id, null, null, null, null, null, null, place, e.getMessage());
    }
  }

  private static Row row(WeightSet set) {
    return new Row(
        set.id(),
        set.variant().id(),
        set.preprocessing(),
        set.atTestSize(),
        set.classes(),
        set.top1(),
        set.testTop1(),
        "not pulled",
        null);
  }

  private void print(Columns table, Row row) {
    if (json) {
      console.out().println(object(row));
      return;
    }
    Preprocessing images = row.preprocessing();
    table.print(
        row.id(),
        Optional.ofNullable(row.variant()).orElse(NONE),
        images == null ? NONE : String.valueOf(images.size()),
        row.atTestSize() == null ? NONE : String.valueOf(row.atTestSize().size()),
        images == null ? NONE : String.valueOf(images.cropFraction()),
        row.classes() == null ? NONE : row.classes().toString(),
        percent(row.top1()),
        percent(row.testTop1()),
        row.error() == null ? row.place() : "damaged: " + row.error());
  }

  private static String percent(@Nullable Double accuracy) {
    return accuracy == null ? NONE : String.format(Locale.ROOT, "%.2f", accuracy);
  }

  private static ObjectNode object(Row row) {
    ObjectNode line = JSON.createObjectNode().put("id", row.id());
    if (row.variant() != null) {
      line.put("variant", row.variant());
    }
    Preprocessing images = row.preprocessing();
    if (images != null) {
      line.put("size", images.size())
          .put("crop", images.cropFraction())
          .put("interpolation", images.interpolation().name().toLowerCase(Locale.ROOT))
          .put("resize", images.resizeMode().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
    if (row.classes() != null) {
      line.put("classes", row.classes());
    }
    if (row.top1() != null) {
      line.put("top1", row.top1());
    }
    if (row.atTestSize() != null) {
      line.put("testSize", row.atTestSize().size())
          .put("testCrop", row.atTestSize().cropFraction());
    }
    if (row.testTop1() != null) {
      line.put("testTop1", row.testTop1());
    }
    line.put("where", row.place()).put("pulled", !row.place().equals("not pulled"));
    if (row.error() != null) {
      line.put("error", row.error());
    }
    return line;
  }
}
