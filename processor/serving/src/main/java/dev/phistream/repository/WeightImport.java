package dev.phistream.repository;

import dev.phistream.image.Preprocessing;
import dev.phistream.model.BoundedFile;
import dev.phistream.model.ModelCard;
import dev.phistream.model.ModelException;
import dev.phistream.model.ModelLimits;
import dev.phistream.model.Network;
import dev.phistream.model.Padding;
import dev.phistream.model.Safetensors;
import dev.phistream.model.Scaling;
import dev.phistream.model.Tensor;
import dev.phistream.model.WeightConventions;
import dev.phistream.model.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes weights with timm's tensor names into a repository: works out what they were trained with,
 * checks every tensor against the network, and keeps the file as it is.
 */
public final class WeightImport {
  /** The last layer of MobileNets and EfficientNets, and of ResNets. */
  private static final List<String> CLASSIFIERS = List.of("classifier.weight", "fc.weight");

  private static final int IMAGENET_CLASSES = 1000;

  /**
   * What was imported.
   *
   * @param card as it lies in the repository
   * @param notes a line for each thing that was assumed and not told
   */
  public record Imported(ModelCard card, List<String> notes) {}

  private final ModelRepository repository;

  /** Imports into {@code repository}. */
  public WeightImport(ModelRepository repository) {
    this.repository = repository;
  }

  /**
   * Imports a local file.
   *
   * @param id the model's name from now on; replaces one of the same id
   * @throws ModelException when a tensor is missing, cut off, of another shape, foreign or not
   *     finite
   * @throws RepositoryException when the file cannot be read, the model cannot be kept, or what is
   *     said of the weights does not go together
   */
  public Imported importFile(Path file, String id, ImportOptions options)
      throws ModelException, RepositoryException {
    byte[] weights;
    try {
      weights = BoundedFile.read(file, BoundedFile.mostWeights());
    } catch (IOException e) {
      throw new RepositoryException(
          "%s: not readable: %s (expected: a safetensors file that fits into this program's memory)"
              .formatted(file, e),
          e);
    }
    String name = Objects.requireNonNullElse(file.getFileName(), file).toString();
    return importBytes(
        weights, file.toString(), name, id, name.replaceFirst("\\.safetensors$", ""), options);
  }

  /**
   * Imports tensors that were read from a file of another program; they are kept as safetensors.
   *
   * @param tensors by timm's names
   * @param file where they come from
   * @param id the model's name from now on; replaces one of the same id
   * @throws ModelException as for a file
   * @throws RepositoryException as for a file
   */
  public Imported importTensors(
      Map<String, Tensor> tensors, Path file, String id, ImportOptions options, WeightHints hints)
      throws ModelException, RepositoryException {
    String name = Objects.requireNonNullElse(file.getFileName(), file).toString();
    return take(
        tensors,
        Safetensors.write(tensors, Safetensors.Precision.F32),
        file.toString(),
        name,
        id,
        name.replaceFirst("\\.[A-Za-z0-9]+$", ""),
        options,
        hints);
  }

  /**
   * Imports from memory.
   *
   * @param place what messages call the weights
   * @param source what the card says they come from
   * @param otherName a second name that may tell what they are
   */
  Imported importBytes(
      byte[] bytes, String place, String source, String id, String otherName, ImportOptions options)
      throws ModelException, RepositoryException {
    ModelRepository.checkId(id);
    return take(
        Safetensors.read(bytes, place),
        bytes,
        place,
        source,
        id,
        otherName,
        options,
        WeightHints.NONE);
  }

  private Imported take(
      Map<String, Tensor> tensors,
      byte[] bytes,
      String place,
      String source,
      String id,
      String otherName,
      ImportOptions options,
      WeightHints hints)
      throws ModelException, RepositoryException {
    ModelRepository.checkId(id);
    int classes = classes(tensors, place);
    List<String> notes = new ArrayList<>(hints.notes());
    Names names = Names.of(id, otherName, options.config());
    NamedNetwork network = network(options, names, tensors, classes, place, notes);
    checkConfig(options.config(), network, classes, place);
    WeightConventions conventions = conventions(options, hints, names, network, notes);
    Preprocessing preprocessing = preprocessing(options, hints, names, network, conventions, notes);
    NamedNetwork sized = network.at(preprocessing.size());
    checkLimits(sized, classes);
    check(sized.network(classes), tensors, classes, place);
    List<String> labels = labels(options, classes, place);
    ModelCard card =
        new ModelCard(
            id,
            sized.id(),
            sized.architecture().name(),
            sized.scaling(),
            classes,
            conventions,
            preprocessing,
            "",
            facts(sized, classes, source, bytes.length, names, hints));
    return new Imported(repository.put(card, labels, bytes), List.copyOf(notes));
  }

  private static void checkLimits(NamedNetwork network, int classes) throws RepositoryException {
    try {
      ModelLimits.check(network.architecture(), network.scaling(), classes);
    } catch (IllegalArgumentException e) {
      throw new RepositoryException("variant %s: %s".formatted(network.id(), e.getMessage()), e);
    }
  }

  /** What the weights are called here and there, the likeliest first. */
  private record Names(List<String> all) {
    static Names of(String id, String other, @Nullable TimmConfig config) {
      return new Names(
          Stream.of(id, other, config == null ? "" : config.architecture()).distinct().toList());
    }

    /** What the first name tells that tells anything. */
    <T> Optional<T> tell(Function<String, Optional<T>> question) {
      return all.stream().map(question).flatMap(Optional::stream).findFirst();
    }
  }

  private static int classes(Map<String, Tensor> tensors, String place) throws ModelException {
    String name =
        CLASSIFIERS.stream()
            .filter(tensors::containsKey)
            .findFirst()
            .orElseThrow(
                () ->
                    new ModelException(
                        "%s: tensor %s is missing (expected: shape [classes, features])"
                            .formatted(place, CLASSIFIERS.get(0))));
    Tensor classifier = Objects.requireNonNull(tensors.get(name));
    if (classifier.shape().size() != 2 || classifier.shape().get(0) < 1) {
      throw new ModelException(
          "%s: tensor %s has shape %s (expected: [classes, features])"
              .formatted(place, name, classifier.shape()));
    }
    return classifier.shape().get(0);
  }

  private static NamedNetwork network(
      ImportOptions options,
      Names names,
      Map<String, Tensor> tensors,
      int classes,
      String place,
      List<String> notes)
      throws RepositoryException {
    NamedNetwork base = unscaled(options, names, tensors, classes, place, notes);
    try {
      NamedNetwork scaled = base.scaled(options.width(), options.depth());
      Scaling unused = ModelLimits.check(scaled.scaling());
      return scaled;
    } catch (IllegalArgumentException e) {
      throw new RepositoryException(String.valueOf(e.getMessage()), e);
    }
  }

  private static NamedNetwork unscaled(
      ImportOptions options,
      Names names,
      Map<String, Tensor> tensors,
      int classes,
      String place,
      List<String> notes)
      throws RepositoryException {
    if (options.variant() != null) {
      NamedNetwork told = NamedNetwork.parse(options.variant());
      // A published variant without its scaling: a name or the tensors may tell it.
      return options.width() == null && options.depth() == null
          ? names
              .tell(Catalogue::networkOf)
              .filter(named -> named.base().equals(options.variant()))
              .or(
                  () ->
                      NamedNetwork.fitting(tensors, classes)
                          .filter(fitting -> fitting.base().equals(options.variant()))
                          .map(fitting -> fitting.at(told.scaling().resolution())))
              .orElse(told)
          : told;
    }
    Optional<NamedNetwork> named = names.tell(Catalogue::networkOf);
    if (named.isPresent()) {
      return named.get();
    }
    NamedNetwork fitting =
        NamedNetwork.fitting(tensors, classes)
            .orElseThrow(
                () ->
                    new RepositoryException(
                        "%s: neither its name nor its tensors say which variant it is (expected: --variant, such as b0, mobilenet_v1 with --width 0.25, resnet50, or phi and a number)"
                            .formatted(place)));
    notes.add("variant %s: the tensors fit it".formatted(fitting.id()));
    return fitting;
  }

  private static void checkConfig(
      @Nullable TimmConfig config, NamedNetwork network, int classes, String place)
      throws RepositoryException {
    if (config == null) {
      return;
    }
    Optional<NamedNetwork> described = Catalogue.networkOf(config.architecture());
    if (!network.base().startsWith("phi")
        && !described.map(NamedNetwork::base).equals(Optional.of(network.base()))) {
      throw new RepositoryException(
          "config.json: architecture: %s (expected: a name of %s in timm, the network of the weights)"
              .formatted(config.architecture(), network.id()));
    }
    if (config.classes() != null && config.classes() != classes) {
      throw new RepositoryException(
          "config.json: num_classes: %d (expected: %d, the rows of %s in %s)"
              .formatted(config.classes(), classes, "the classifier", place));
    }
  }

  private static Preprocessing preprocessing(
      ImportOptions options,
      WeightHints hints,
      Names names,
      NamedNetwork network,
      WeightConventions conventions,
      List<String> notes)
      throws RepositoryException {
    TimmConfig config = options.config();
    Optional<WeightSet> published = names.tell(Catalogue::find);
    Preprocessing base;
    if (config != null) {
      base = sized(config.preprocessing(), config.atTestSize(), options, notes);
    } else if (hints.preprocessing() != null) {
      base = hints.preprocessing();
    } else if (published.isPresent()) {
      base = sized(published.get().preprocessing(), published.get().atTestSize(), options, notes);
    } else {
      base = Catalogue.usual(network, conventions);
      if (options.size() == null || options.crop() == null || options.mean() == null) {
        notes.add(
            "preprocessing: %d × %d, crop %s, mean %s, std %s, where not given: the usual ones of %s"
                .formatted(
                    base.size(),
                    base.size(),
                    base.cropFraction(),
                    base.mean(),
                    base.std(),
                    network.id()));
      }
    }
    try {
      return new Preprocessing(
          Objects.requireNonNullElse(options.size(), base.size()),
          Objects.requireNonNullElse(options.crop(), base.cropFraction()),
          Objects.requireNonNullElse(options.mean(), base.mean()),
          Objects.requireNonNullElse(options.std(), base.std()),
          Objects.requireNonNullElse(options.interpolation(), base.interpolation()),
          Objects.requireNonNullElse(options.resizeMode(), base.resizeMode()));
    } catch (IllegalArgumentException e) {
      throw new RepositoryException("preprocessing: " + e.getMessage(), e);
    }
  }

  /** Images at the size of the training or of the test. */
  private static Preprocessing sized(
      Preprocessing training, Preprocessing test, ImportOptions options, List<String> notes) {
    if (options.atTestSize()) {
      return test;
    }
    if (test.size() != training.size() && options.size() == null) {
      notes.add(
          "size %d: that of the training; at %d, the size of the test, it is more accurate and takes %.1f times the work (--at-test-size)"
              .formatted(
                  training.size(),
                  test.size(),
                  Math.pow((double) test.size() / training.size(), 2)));
    }
    return training;
  }

  private static WeightConventions conventions(
      ImportOptions options,
      WeightHints hints,
      Names names,
      NamedNetwork network,
      List<String> notes)
      throws RepositoryException {
    Optional<WeightConventions> named =
        hints.conventions() != null
            ? Optional.of(hints.conventions())
            : names.tell(Catalogue::conventionsOf);
    Padding padding =
        options.padding() != null
            ? options.padding()
            : named.orElseGet(() -> Catalogue.usualConventions(network)).padding();
    double usual =
        hints.conventions() != null
            ? hints.conventions().bnEps()
            : (padding == Padding.SAME ? Catalogue.TENSORFLOW : Catalogue.PYTORCH).bnEps();
    double eps = options.bnEps() != null ? options.bnEps() : usual;
    if (named.isEmpty() && (options.padding() == null || options.bnEps() == null)) {
      notes.add(
          "padding %s, bn-eps %s, where not given: assumed; neither the id nor the file's name tells who trained the weights"
              .formatted(padding, eps));
    }
    try {
      return new WeightConventions(padding, eps);
    } catch (IllegalArgumentException e) {
      throw new RepositoryException("bn-eps: %s (expected: > 0)".formatted(eps), e);
    }
  }

  private static void check(Network network, Map<String, Tensor> tensors, int classes, String place)
      throws ModelException {
    try {
      Weights.of(network, tensors, place);
    } catch (ModelException e) {
      Optional<NamedNetwork> other = NamedNetwork.fitting(tensors, classes);
      throw other.isEmpty()
          ? e
          : new ModelException(
              "%s; these are the tensors of %s".formatted(e.getMessage(), other.get().id()), e);
    }
  }

  private static List<String> labels(ImportOptions options, int classes, String place)
      throws RepositoryException {
    List<String> labels = options.labels();
    if (labels == null) {
      if (classes != IMAGENET_CLASSES) {
        throw new RepositoryException(
            "%s: %d classes (expected: %d, or --labels FILE with %d names)"
                .formatted(place, classes, IMAGENET_CLASSES, classes));
      }
      return ClassNames.imagenet1k();
    }
    if (labels.size() != classes) {
      throw new RepositoryException(
          "labels: %d names (expected: %d, the classes of %s)"
              .formatted(labels.size(), classes, place));
    }
    return labels;
  }

  private static Map<String, Object> facts(
      NamedNetwork named,
      int classes,
      String source,
      int weightsBytes,
      Names names,
      WeightHints hints) {
    Network network = named.network(classes);
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("source", source);
    if (hints.program() != null) {
      facts.put("convertedFrom", hints.program());
    }
    facts.put("parameters", network.parameters());
    facts.put("flops", network.flops());
    facts.put("weightsBytes", weightsBytes);
    names
        .tell(Catalogue::find)
        .flatMap(set -> set.top1At(named.scaling().resolution()))
        .ifPresent(top1 -> facts.put("publishedTop1", top1));
    return facts;
  }
}
