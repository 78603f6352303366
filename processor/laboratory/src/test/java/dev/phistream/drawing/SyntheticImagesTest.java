package dev.phistream.drawing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.image.DecodeLimits;
import dev.phistream.image.ImageDecoder;
import dev.phistream.image.RgbImage;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SyntheticImagesTest {
  @Test
  void a_image_is_the_same_whenever_and_by_whomever_it_is_drawn() {
    SyntheticImages images = new SyntheticImages(5);
    List<byte[]> alone = IntStream.range(0, 20).mapToObj(images::jpeg).toList();

    List<byte[]> together =
        IntStream.range(0, 20).parallel().mapToObj(new SyntheticImages(5)::jpeg).toList();

    assertThat(together).usingElementComparator(java.util.Arrays::compare).isEqualTo(alone);
  }

  @Test
  void other_seeds_and_other_indices_give_other_images() {
    byte[] image = new SyntheticImages(5).jpeg(0);

    assertThat(new SyntheticImages(6).jpeg(0)).isNotEqualTo(image);
    assertThat(new SyntheticImages(5).jpeg(Subject.ALL.size())).isNotEqualTo(image);
  }

  @Test
  void images_have_the_size_that_is_asked_for() throws Exception {
    RgbImage image =
        new ImageDecoder(DecodeLimits.DEFAULT).decode(new SyntheticImages(1).jpeg(3, 320, 200));

    assertThat(image.width()).isEqualTo(320);
    assertThat(image.height()).isEqualTo(200);
  }

  @Test
  void subjects_take_turns() {
    List<Subject> round =
        IntStream.range(0, Subject.ALL.size()).mapToObj(SyntheticImages::subject).toList();

    assertThat(round).containsExactly(Subject.values());
    assertThat(SyntheticImages.subject(Subject.ALL.size())).isEqualTo(round.get(0));
  }
}
