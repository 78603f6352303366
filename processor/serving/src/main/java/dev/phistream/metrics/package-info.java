/**
 * What the processor counts and times, as Micrometer meters, and the endpoint that shows them. It
 * decides nothing, and knows neither Kafka nor models.
 */
@NullMarked
package dev.phistream.metrics;

import org.jspecify.annotations.NullMarked;
