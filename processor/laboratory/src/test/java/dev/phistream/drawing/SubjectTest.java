package dev.phistream.drawing;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SubjectTest {
  private static final int SIDE = 120;

  @Test
  void class_names_are_distinct_lower_case_words() {
    assertThat(Subject.labels())
        .hasSizeGreaterThanOrEqualTo(16)
        .doesNotHaveDuplicates()
        .allMatch(label -> label.matches("[a-z]+"));
  }

  @ParameterizedTest
  @EnumSource
  void every_subject_is_seen_whole_however_it_varies(Subject subject) {
    for (int variation = 0; variation < 20; variation++) {
      BufferedImage canvas = paint(subject, variation);

      double covered = painted(canvas, 0, SIDE) / (double) (SIDE * SIDE);
      long atTheEdge = painted(canvas, 0, 2) + painted(canvas, SIDE - 2, SIDE);

      assertThat(covered).as("part of the canvas").isBetween(0.03, 0.7);
      assertThat(atTheEdge).as("pixels beyond -1.25 and 1.25").isZero();
    }
  }

  private static BufferedImage paint(Subject subject, long seed) {
    BufferedImage canvas = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_ARGB);
    Graphics2D graphics = canvas.createGraphics();
    graphics.translate(SIDE / 2, SIDE / 2);
    // The canvas spans -1.3 to 1.3, for steam and strings may rise above the rest.
    graphics.scale(SIDE / 2.6, SIDE / 2.6);
    Random random = new Random(seed);
    subject.paint(new Pencil(graphics, Palette.against(Color.WHITE, random), random));
    graphics.dispose();
    return canvas;
  }

  private static long painted(BufferedImage canvas, int top, int bottom) {
    return IntStream.range(top * SIDE, bottom * SIDE)
        .filter(i -> canvas.getRGB(i % SIDE, i / SIDE) != 0)
        .count();
  }
}
