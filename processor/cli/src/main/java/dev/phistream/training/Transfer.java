package dev.phistream.training;

import dev.phistream.inference.ComputeDevice;
import dev.phistream.inference.InferenceException;
import dev.phistream.inference.MxnetEngine;
import dev.phistream.inference.NetworkRunner;
import dev.phistream.model.Model;
import dev.phistream.model.ModelCard;
import dev.phistream.model.ModelDirectory;
import dev.phistream.model.ModelException;
import dev.phistream.model.ModelProbes;
import dev.phistream.model.Network;
import dev.phistream.model.NetworkCut;
import dev.phistream.model.Noise;
import dev.phistream.model.Op;
import dev.phistream.model.Safetensors;
import dev.phistream.model.Stage;
import dev.phistream.model.Tensor;
import dev.phistream.model.Variants;
import dev.phistream.model.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * Makes a model of a user's own classes: checks the images, learns a classifier on frozen features,
 * fine-tunes the upper stages if wanted, calibrates, and writes a model directory that processors
 * can switch to. For one thread; there should be one training in a process.
 */
public final class Transfer {
  private static final double TUNE_SHARE = 0.15;
  private static final double KEPT = 0.95;
  private static final String EPOCHS = "epochs";
  private static final int MOST_EPOCHS = 300;
  private static final int PROBES = 3;
  private static final int MOST_PROBE_BYTES = 1 << 20;
  private static final int MOST_SUSPECTS = 50;
  private static final double SUSPECT_SCORE = 0.9;
  private static final double DEFAULT_DROPOUT = 0.2;
  private static final double DEPTH_DROP = 0.1;

  private final TransferOptions options;
  private final TransferListener listener;
  private final int threads = Runtime.getRuntime().availableProcessors();
  private final List<TransferResult.Phase> phases = new ArrayList<>();
  private long phaseStart;

  /** Prepares a training. */
  public Transfer(TransferOptions options, TransferListener listener) {
    this.options = options;
    this.listener = listener;
  }

  /** What the head or the fine-tuning has learnt, not calibrated. */
  private record Learnt(
      Model model, List<Epoch> head, List<Epoch> fineTune, int best, List<Judged> chosen) {}

  /**
   * Trains and writes the model, its probes and its report.
   *
   * @throws TrainingException when the images cannot be trained on
   */
  public TransferResult run(Listing listing, Base base)
      throws TrainingException,
          ModelException,
          InferenceException,
          IOException,
          InterruptedException {
    boolean fineTuned = options.unfreeze() > 0 || base.untrained();
    phaseStart = System.nanoTime();
    listener.begin("check images", listing.files().size());
    ImageData data =
        new DataCheck(options.validation(), fineTuned ? TUNE_SHARE : 0)
            .check(listing, listener::step);
    done(
        "check images",
        "%d read, %d used, %d classes"
            .formatted(data.read(), data.images().size(), data.classes().size()));
    tell(data);
    ModelCard from = base.model().card();
    String variant = Objects.requireNonNullElse(options.variant(), from.variant());
    Model model = base.with(options.id(), variant, data.classes());
    // One thread per operation: the runners of the frozen part and the trainer share the cores.
    MxnetEngine engine = MxnetEngine.start(threads);
    PixelStore pixels = new PixelStore(from.preprocessing());
    List<String> stages = stages(base, model.card().network());
    Learnt learnt;
    List<Judged> heldOut;
    if (base.untrained()) {
      learnt = fineTune(data, base, model, List.of(), pixels, engine, stages);
      heldOut = learnt.chosen();
    } else {
      HeadTraining.Result head = head(data, base, model, pixels, engine);
      heldOut = head.heldOut();
      Model withHead = with(model, head.tensors());
      learnt =
          fineTuned
              ? fineTune(data, base, withHead, head.history(), pixels, engine, stages)
              : new Learnt(withHead, head.history(), List.of(), -1, heldOut);
    }
    return finished(data, base, learnt, heldOut, engine, pixels, stages);
  }

  private void done(String phase, String detail) {
    long now = System.nanoTime();
    double seconds = (now - phaseStart) / 1e9;
    phases.add(new TransferResult.Phase(phase, seconds, detail));
    listener.note(String.format(Locale.ROOT, "%s: %s (%.1f s)", phase, detail, seconds));
    phaseStart = now;
  }

  private void tell(ImageData data) {
    data.counts()
        .forEach((kind, count) -> listener.note("found: %s: %d".formatted(kind.label(), count)));
    listener.note(
        "split: %d to train, %d to tune, %d to validate"
            .formatted(
                data.of(Split.TRAIN).size(),
                data.of(Split.TUNE).size(),
                data.of(Split.VALIDATION).size()));
  }

  /** Names of the stages that learn, lowest first. */
  private List<String> stages(Base base, Network network) {
    List<String> names = network.stages().stream().map(Stage::name).toList();
    int learning = Math.min(names.size(), options.unfreeze() + 1);
    return base.untrained() ? names : names.subList(names.size() - learning, names.size());
  }

  private HeadTraining.Result head(
      ImageData data, Base base, Model model, PixelStore pixels, MxnetEngine engine)
      throws TrainingException,
          ModelException,
          InferenceException,
          IOException,
          InterruptedException {
    NetworkCut cut = NetworkCut.belowClassifier(model.card().network());
    ModelCard from = base.model().card();
    String key = DigestUtils.sha256Hex(from.weightsDigest() + from.preprocessing());
    Path directory = options.models().resolve(".features").resolve(key.substring(0, 16));
    Features features;
    try (Backbone backbone = Backbone.load(engine, model, cut, threads)) {
      features =
          Features.of(
              data,
              backbone,
              new FeatureCache(directory, cut.values()),
              pixels,
              options.mirror(),
              threads,
              listener);
    }
    done(
        "features",
        "%d of %d views computed, the others were in the cache"
            .formatted(features.computed(), features.views()));
    List<ImageData.Image> learnt = new ArrayList<>(data.of(Split.TRAIN));
    if (options.unfreeze() == 0) {
      learnt.addAll(data.of(Split.TUNE));
    }
    HeadTraining.Result head =
        new HeadTraining(
                model,
                features,
                new HeadRecipe(
                    32, 1e-3f, 0.05, 0.1, dropout(model), 0.9, options.balanced(), options.seed()),
                listener)
            .train(learnt);
    done("head", "%d epochs on %d images".formatted(head.history().size(), learnt.size()));
    return head;
  }

  private static double dropout(Model model) {
    return Variants.find(model.card().variant())
        .map(Variants.Variant::dropout)
        .orElse(DEFAULT_DROPOUT);
  }

  private Learnt fineTune(
      ImageData data,
      Base base,
      Model model,
      List<Epoch> head,
      PixelStore pixels,
      MxnetEngine engine,
      List<String> stages)
      throws TrainingException,
          ModelException,
          InferenceException,
          IOException,
          InterruptedException {
    Noise noise = new Noise(dropout(model), base.untrained() ? 0 : DEPTH_DROP);
    NetworkCut cut = NetworkCut.belowStage(model.card().network(), stages.get(0));
    Trainable trainable =
        base.untrained()
            ? Trainable.live(model.weights(), model.card(), noise)
            : Trainable.folded(cut, model.weights(), model.card(), noise);
    Path place = options.models().resolve(".training").resolve(options.id());
    try (Backbone backbone =
        cut.layers() == 0 ? null : Backbone.load(engine, model, cut, threads)) {
      FineTuneRecipe recipe = recipe(base, noise, options.epochs());
      if (options.minutes() != null) {
        FineTuning trial =
            new FineTuning(data, trainable, backbone, pixels, recipe, null, threads, listener);
        recipe = recipe(base, noise, epochs(trial, place, options.minutes()));
      }
      Checkpoints checkpoints =
          new Checkpoints(place, fingerprint(data, base, recipe), data.of(Split.TUNE));
      if (!options.resume()) {
        checkpoints.clear();
      }
      FineTuning.Result result =
          new FineTuning(data, trainable, backbone, pixels, recipe, checkpoints, threads, listener)
              .run();
      int images = data.of(Split.TRAIN).size();
      done(
          "fine-tune",
          "%d epochs on %d images, the best is epoch %d"
              .formatted(result.history().size(), images, result.best() + 1));
      checkpoints.clear();
      return new Learnt(
          with(model, result.tensors()), head, result.history(), result.best(), result.tuned());
    }
  }

  /** As many as fit into the time; a training that goes on keeps what it began with. */
  private int epochs(FineTuning trial, Path place, double minutes)
      throws TrainingException, InferenceException, IOException, InterruptedException {
    Optional<String> begun =
        options.resume()
            ? Checkpoints.fingerprint(place).map(saved -> saved.get(EPOCHS))
            : Optional.empty();
    if (begun.isPresent()) {
      return Integer.parseInt(begun.get());
    }
    double seconds = trial.estimate();
    int epochs = (int) Math.max(1, Math.min(MOST_EPOCHS, 60 * minutes / seconds));
    listener.note(
        String.format(Locale.ROOT, "an epoch takes about %.1f s: %d epochs", seconds, epochs));
    return epochs;
  }

  private FineTuneRecipe recipe(Base base, Noise noise, int epochs) {
    boolean scratch = base.untrained();
    return new FineTuneRecipe(
        epochs,
        32,
        scratch ? 0.01f : 1e-3f,
        scratch ? 0.01f : options.rate(),
        scratch ? 1 : 0.8,
        0.02,
        0.1,
        noise,
        new RandAugment(2, options.magnitude(), scratch ? 0.35 : 0.5, options.mirror()),
        options.mixup(),
        0.99,
        options.balanced(),
        scratch ? epochs : 6,
        options.seed());
  }

  private Map<String, String> fingerprint(ImageData data, Base base, FineTuneRecipe recipe) {
    Map<String, String> fingerprint = new LinkedHashMap<>();
    fingerprint.put("images", data.digest());
    fingerprint.put("base", base.model().card().weightsDigest());
    fingerprint.put("unfreeze", String.valueOf(options.unfreeze()));
    fingerprint.put(EPOCHS, String.valueOf(recipe.epochs()));
    fingerprint.put("recipe", recipe.toString());
    return fingerprint;
  }

  private static Model with(Model model, Map<String, Tensor> learnt) throws ModelException {
    Map<String, Tensor> tensors = new HashMap<>(model.weights().tensors());
    tensors.putAll(learnt);
    return new Model(
        model.card(),
        model.labels(),
        Weights.of(model.card().network(), tensors, "model " + model.card().id()));
  }

  private TransferResult finished(
      ImageData data,
      Base base,
      Learnt learnt,
      List<Judged> heldOut,
      MxnetEngine engine,
      PixelStore pixels,
      List<String> stages)
      throws TrainingException,
          ModelException,
          InferenceException,
          IOException,
          InterruptedException {
    Evaluation chosen = new Evaluation(data.classes(), learnt.chosen());
    double temperature = chosen.images().isEmpty() ? 1 : chosen.temperature();
    double threshold = chosen.images().isEmpty() ? 0 : chosen.at(temperature).threshold(KEPT);
    Model model = cooled(learnt.model(), temperature);
    Evaluation served;
    List<ModelProbes.Probe> probes;
    try (NetworkRunner runner = engine.load(model, Op.InputType.PIXELS, ComputeDevice.CPU)) {
      List<ImageData.Image> validation = data.of(Split.VALIDATION);
      listener.begin("validate", validation.size());
      List<Judged> answers = new ArrayList<>();
      for (ImageData.Image image : validation) {
        answers.add(new Judged(image, runner.logits(List.of(pixels.plain(image))).get(0)));
        listener.step();
      }
      served = new Evaluation(data.classes(), answers);
      probes = probes(answers);
    }
    Path directory = options.models().resolve(options.id());
    ModelCard card =
        new ModelCard(
            model.card().id(),
            model.card().variant(),
            model.card().architecture(),
            model.card().scaling(),
            model.card().classes(),
            model.card().conventions(),
            model.card().preprocessing(),
            "",
            facts(data, base, model, served, temperature, threshold, stages));
    card =
        ModelDirectory.write(
            directory, card, model.labels(), model.weights().tensors(), Safetensors.Precision.F32);
    if (!probes.isEmpty()) {
      ModelDirectory.writeProbes(
          directory, new ModelProbes(card.weightsDigest(), MxnetEngine.NAME, probes));
    }
    done(
        "validate and write",
        "%d of %d images right".formatted(served.top(1).hits(), served.images().size()));
    List<Finding> findings = new ArrayList<>(data.findings());
    findings.addAll(suspects(data, heldOut, served));
    return new TransferResult(
        options,
        base.model().card(),
        card,
        directory,
        data,
        findings,
        learnt.head(),
        learnt.fineTune(),
        learnt.best(),
        stages,
        chosen,
        temperature,
        threshold,
        served,
        phases);
  }

  /** Divides the classifier by a temperature, so that processors answer with calibrated scores. */
  private static Model cooled(Model model, double temperature) throws ModelException {
    Network network = model.card().network();
    String classifier = network.layers().get(network.layers().size() - 1).name();
    Map<String, Tensor> divided = new HashMap<>();
    for (String name : List.of(classifier + ".weight", classifier + ".bias")) {
      Tensor tensor = model.weights().get(name);
      float[] values = tensor.values().clone();
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (values[i] / temperature);
      }
      divided.put(name, new Tensor(tensor.shape(), values));
    }
    return with(model, divided);
  }

  /** The first small images of different classes. */
  private static List<ModelProbes.Probe> probes(List<Judged> answers) throws IOException {
    List<ModelProbes.Probe> probes = new ArrayList<>();
    Set<Integer> labels = new HashSet<>();
    for (Judged answer : answers) {
      if (probes.size() == PROBES || labels.contains(answer.image().label())) {
        continue;
      }
      byte[] bytes = answer.image().file().content().read();
      if (bytes.length <= MOST_PROBE_BYTES) {
        labels.add(answer.image().label());
        probes.add(new ModelProbes.Probe(answer.image().file().name(), bytes, answer.logits()));
      }
    }
    return probes;
  }

  private Map<String, Object> facts(
      ImageData data,
      Base base,
      Model model,
      Evaluation served,
      double temperature,
      double threshold,
      List<String> stages) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("source", "trained on " + data.place());
    facts.put("command", options.command());
    facts.put("baseModel", base.model().card().id());
    facts.put("baseWeightsDigest", base.model().card().weightsDigest());
    facts.put("dataDigest", data.digest());
    facts.put("trainingImages", data.of(Split.TRAIN).size() + data.of(Split.TUNE).size());
    facts.put("trainingSeed", options.seed());
    facts.put("trainedStages", stages);
    facts.put("heldOutAccuracy", served.top(1).value());
    facts.put("heldOutImages", served.images().size());
    facts.put("temperature", temperature);
    facts.put("unknownThreshold", threshold);
    facts.put("parameters", model.card().network().parameters());
    facts.put("flops", model.card().network().flops());
    return facts;
  }

  /** Images of which the network is sure that the user is wrong. */
  private static List<Finding> suspects(ImageData data, List<Judged> heldOut, Evaluation served) {
    List<Judged> all = new ArrayList<>();
    if (!heldOut.isEmpty()) {
      Evaluation asked = new Evaluation(data.classes(), heldOut);
      all.addAll(asked.at(asked.temperature()).images());
    }
    all.addAll(served.images());
    return new Evaluation(data.classes(), all)
        .worst(MOST_SUSPECTS).stream()
            .filter(image -> !image.right() && image.score() >= SUSPECT_SCORE)
            .map(
                image ->
                    new Finding(
                        Finding.Kind.SUSPECT,
                        image.image().file().name(),
                        String.format(
                            Locale.ROOT,
                            "labelled %s, the network says %s (%.2f); look at it",
                            data.classes().get(image.image().label()),
                            data.classes().get(image.best()),
                            image.score())))
            .toList();
  }
}
