package dev.phistream.bench.peer;

import ai.djl.MalformedModelException;
import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.modality.cv.transform.Normalize;
import ai.djl.modality.cv.transform.Resize;
import ai.djl.modality.cv.transform.ToTensor;
import ai.djl.modality.cv.translator.ImageClassificationTranslator;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import dev.phistream.image.DecodeLimits;
import dev.phistream.image.ImageDecoder;
import dev.phistream.image.ImageException;
import dev.phistream.image.Preprocessing;
import dev.phistream.image.Preprocessor;
import dev.phistream.inference.MxnetEngine;
import dev.phistream.model.InferenceGraph;
import dev.phistream.model.Model;
import dev.phistream.model.ModelException;
import dev.phistream.model.MxnetFormat;
import dev.phistream.model.OneDnnGraph;
import dev.phistream.model.Op;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.apache.commons.io.FileUtils;

/**
 * A network as DJL's users have it, in the graph and with the options with which Phistream loads
 * it, so that the engine is the same.
 */
final class DjlModel {
  private static final String PREFIX = "network";
  private static final Map<String, String> OPTIONS = Map.of("MxOptimizeFor", "MKLDNN");
  private static final int TOP_K = 5;

  private DjlModel() {}

  /** One model per thread: predictors of one model run one after the other. */
  static List<ai.djl.Model> load(Model model, Op.InputType input, int threads)
      throws ModelException {
    MxnetEngine.start(threads);
    List<ai.djl.Model> models = new ArrayList<>();
    try {
      Path directory = Files.createTempDirectory("phistream-peer-");
      try {
        MxnetFormat.write(
            OneDnnGraph.of(InferenceGraph.of(model, input), model.card().network().resolution()),
            directory,
            PREFIX);
        for (int i = 0; i < threads; i++) {
          ai.djl.Model loaded = ai.djl.Model.newInstance(PREFIX, "MXNet");
          models.add(loaded);
          loaded.load(directory, PREFIX, OPTIONS);
        }
        return models;
      } finally {
        FileUtils.deleteDirectory(directory.toFile());
      }
    } catch (IOException | MalformedModelException e) {
      models.forEach(ai.djl.Model::close);
      throw new ModelException("peer: MXNet cannot load the model: " + e.getMessage(), e);
    }
  }

  /** Preprocessing by DJL, as its examples have it. */
  static Translator<Image, Classifications> standardTranslator(Model model) {
    Preprocessing preprocessing = model.card().preprocessing();
    return ImageClassificationTranslator.builder()
        .setImageSize(preprocessing.size(), preprocessing.size())
        .addTransform(new Resize(preprocessing.size(), preprocessing.size()))
        .addTransform(new ToTensor())
        .addTransform(new Normalize(array(preprocessing.mean()), array(preprocessing.std())))
        .optApplySoftmax(true)
        .optTopK(TOP_K)
        .optSynset(model.labels())
        .build();
  }

  /** From an encoded image to labels by DJL alone. */
  static Classifier standard(ai.djl.Model loaded, Model model) {
    Predictor<Image, Classifications> predictor = loaded.newPredictor(standardTranslator(model));
    return image -> {
      try {
        return predictor.predict(
            ImageFactory.getInstance().fromInputStream(new ByteArrayInputStream(image)));
      } catch (IOException | TranslateException e) {
        throw new IllegalStateException("a image that cannot be classified", e);
      }
    };
  }

  /** The same with Phistream's decoder; the network takes pixels and normalises them itself. */
  static Classifier withOurDecoder(ai.djl.Model loaded, Model model) {
    Predictor<byte[], Classifications> predictor = loaded.newPredictor(new PixelTranslator(model));
    return image -> {
      try {
        return predictor.predict(image);
      } catch (TranslateException e) {
        throw new IllegalStateException("a image that cannot be classified", e);
      }
    };
  }

  /** Something to classify before the first event comes. */
  static byte[] blankImage() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(new BufferedImage(640, 480, BufferedImage.TYPE_INT_RGB), "jpeg", out);
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot be written", e);
    }
    return out.toByteArray();
  }

  private static float[] array(List<Float> values) {
    float[] array = new float[values.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.get(i);
    }
    return array;
  }

  /** Not thread-safe. */
  interface Classifier {
    Classifications classify(byte[] image);
  }

  private static final class PixelTranslator
      implements NoBatchifyTranslator<byte[], Classifications> {
    private final ImageDecoder decoder = new ImageDecoder(DecodeLimits.DEFAULT);
    private final Preprocessor preprocessor;
    private final List<String> labels;
    private final int size;

    private PixelTranslator(Model model) {
      this.preprocessor = new Preprocessor(model.card().preprocessing());
      this.labels = model.labels();
      this.size = model.card().preprocessing().size();
    }

    @Override
    public NDList processInput(TranslatorContext context, byte[] image) throws ImageException {
      byte[] pixels = preprocessor.apply(decoder.decode(image));
      return new NDList(
          context
              .getNDManager()
              .create(ByteBuffer.wrap(pixels), new Shape(1, 3, size, size), DataType.UINT8));
    }

    @Override
    public Classifications processOutput(TranslatorContext context, NDList output) {
      NDArray probabilities = output.singletonOrThrow().flatten().softmax(0);
      return new Classifications(labels, probabilities, TOP_K);
    }
  }
}
