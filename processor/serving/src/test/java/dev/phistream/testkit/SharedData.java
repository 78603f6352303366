package dev.phistream.testkit;

import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;

/** Test data that lies beside the project, because its licences keep it out of it. */
public final class SharedData {
  private static final Path DATA =
      Path.of(System.getProperty("phistream.test.data", "../../../shared/data"));

  private SharedData() {}

  /** A file or folder of it; the test that asks is skipped, and says so, where it is absent. */
  public static Path at(String name) {
    Path place = DATA.resolve(name);
    if (!Files.exists(place)) {
      String reason = "skipped: no test data at " + place.toAbsolutePath().normalize();
      System.out.println(reason);
      abort(reason);
    }
    return place;
  }
}
