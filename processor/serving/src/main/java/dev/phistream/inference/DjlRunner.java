package dev.phistream.inference;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.types.DataType;
import ai.djl.translate.TranslateException;
import dev.phistream.model.Op;
import java.util.List;

/** A model that DJL has loaded. */
final class DjlRunner implements NetworkRunner {
  private final Model model;
  private final Predictor<List<byte[]>, List<float[]>> predictor;

  DjlRunner(Model model, int resolution, Op.InputType input) {
    this.model = model;
    DataType type = input == Op.InputType.PIXELS ? DataType.UINT8 : DataType.FLOAT32;
    this.predictor = model.newPredictor(new MicroBatchTranslator(type, resolution));
  }

  @Override
  public List<float[]> logits(List<byte[]> images) throws InferenceException {
    try {
      return predictor.predict(images);
    } catch (TranslateException | RuntimeException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String message =
          "engine %s: a micro-batch of %d failed: %s"
              .formatted(
                  model.getNDManager().getEngine().getEngineName(),
                  images.size(),
                  cause.getMessage());
      if (DeviceFailure.isBroken(e)) {
        throw new BrokenDeviceException(message, e);
      }
      throw DeviceFailure.isTooLarge(e)
          ? new TooLargeForDeviceException(message, e)
          : new InferenceException(message, e);
    }
  }

  @Override
  public void close() {
    predictor.close();
    model.close();
  }
}
