package dev.phistream.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.commons.io.FileUtils;

/** Writes models as files that other tools read. A file is there whole or not at all. */
public final class ModelExport {
  private static final String ONNX_SUFFIX = ".onnx";
  private static final ObjectMapper JSON = new ObjectMapper();

  private ModelExport() {}

  /** Writes the files, with what they hold at first in a directory that nobody looks into. */
  private interface Writer {
    void write(Path directory) throws IOException;
  }

  /**
   * Writes an ONNX model, which also names the model, its weights' digest, its labels (a line each)
   * and its preprocessing.
   *
   * @param target the file if its name ends with {@code .onnx}, else the directory for {@code
   *     ID.onnx}; is replaced if it exists
   * @return the file
   * @throws ModelException if the model is quantized and a range is missing
   */
  public static List<Path> onnx(Model model, Op.InputType input, Path target)
      throws IOException, ModelException {
    Graph graph = Int8Graph.of(model, input);
    boolean file = target.getFileName().toString().endsWith(ONNX_SUFFIX);
    Path directory = file ? target.toAbsolutePath().resolveSibling(".") : target;
    String name = file ? target.getFileName().toString() : fileName(model) + ONNX_SUFFIX;
    return inPlace(
        directory.normalize(),
        List.of(name),
        fresh -> {
          try (OutputStream out =
              new BufferedOutputStream(Files.newOutputStream(fresh.resolve(name)))) {
            OnnxFormat.write(graph, model.card().network().resolution(), facts(model), out);
          }
        });
  }

  /**
   * Writes MXNet's {@code ID-0000.params} and {@code ID-symbol.json}, of floats in any case.
   *
   * @param directory is made if it does not exist; files of these names are replaced
   * @return the two files, the parameters first
   */
  public static List<Path> mxnet(Model model, Op.InputType input, Path directory)
      throws IOException {
    String name = fileName(model);
    return inPlace(
        directory,
        List.of(name + "-0000.params", name + "-symbol.json"),
        fresh -> MxnetFormat.write(InferenceGraph.of(model, input), fresh, name));
  }

  private static Map<String, String> facts(Model model) throws JsonProcessingException {
    return Map.of(
        "model", model.card().id(),
        "variant", model.card().variant(),
        "weights-sha256", model.card().weightsDigest(),
        "labels", String.join("\n", model.labels()),
        "preprocessing", JSON.writeValueAsString(model.card().preprocessing()));
  }

  /** Ids come from files; they must not name another directory. */
  private static String fileName(Model model) {
    return model.card().id().replaceAll("[^A-Za-z0-9._-]", "_");
  }

  private static List<Path> inPlace(Path directory, List<String> names, Writer writer)
      throws IOException {
    Files.createDirectories(directory);
    // Beside its place, for moves between file systems are not atomic.
    Path fresh = Files.createDirectory(directory.resolve(".export-" + UUID.randomUUID()));
    try {
      writer.write(fresh);
      List<Path> files = new ArrayList<>();
      for (String name : names) {
        files.add(
            Files.move(
                fresh.resolve(name), directory.resolve(name), StandardCopyOption.ATOMIC_MOVE));
      }
      return List.copyOf(files);
    } finally {
      FileUtils.deleteDirectory(fresh.toFile());
    }
  }
}
