package dev.phistream.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.model.ModelException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How ONNX Runtime starts, in a process of its own, for it starts once per process. */
class OnnxStartTest {
  private static final Set<String> SIGNS_OF_CI =
      Set.of(
          "CI",
          "TF_BUILD",
          "GITHUB_ACTIONS",
          "GITLAB_CI",
          "CIRCLECI",
          "TRAVIS",
          "JENKINS_URL",
          "CODEBUILD_BUILD_ID",
          "TEAMCITY_VERSION");

  /** What the process runs. */
  static final class Start {
    private Start() {}

    public static void main(String[] arguments) throws ModelException {
      OnnxEngine.start(1);
      System.out.println("started with %d arguments".formatted(arguments.length));
    }
  }

  @Test
  @Timeout(60)
  void a_command_line_may_be_long() throws IOException, InterruptedException {
    String argument = "a/long/path-0.1.jar:".repeat(1000);
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                Start.class.getName(),
                argument)
            .redirectErrorStream(true);
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    // Any of these would keep ONNX Runtime from reading the command line at all.
    builder.environment().keySet().removeIf(OnnxStartTest::isReadByOnnxRuntime);

    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains("started with 1 arguments");
  }

  private static boolean isReadByOnnxRuntime(String variable) {
    return variable.startsWith("ORT_") || SIGNS_OF_CI.contains(variable);
  }
}
