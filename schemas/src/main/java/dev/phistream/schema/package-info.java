/**
 * Bytes from records and back: Avro's single-object encoding of the records in {@code
 * dev.phistream.event}, readable across schema versions. Depends on nothing but Avro, so that any
 * service can use it; no Kafka and no schema registry here.
 */
@NullMarked
package dev.phistream.schema;

import org.jspecify.annotations.NullMarked;
