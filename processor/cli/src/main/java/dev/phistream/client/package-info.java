/**
 * The ends of the pipeline as a user of it has them: sending images, reading results and dead
 * letters. Knows the records and their wire formats, but neither Kafka Streams nor a command line.
 */
@NullMarked
package dev.phistream.client;

import org.jspecify.annotations.NullMarked;
