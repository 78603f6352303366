package dev.phistream.repository;

import dev.phistream.image.Preprocessing;
import dev.phistream.model.Variants.Variant;
import dev.phistream.model.WeightConventions;
import org.jspecify.annotations.Nullable;

/**
 * A published weight set.
 *
 * @param id under which it is published
 * @param variant its network
 * @param preprocessing what its images need done
 * @param conventions what it was trained with
 * @param top1 published accuracy on ImageNet's validation images in percent, if it is known here
 */
public record WeightSet(
    String id,
    Variant variant,
    Preprocessing preprocessing,
    WeightConventions conventions,
    @Nullable Double top1) {}
