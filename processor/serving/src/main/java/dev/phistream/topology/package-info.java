/**
 * The Kafka Streams topology: events in, the in-flight ledger, results and dead letters out. No
 * command line and no engine code lives here.
 */
@NullMarked
package dev.phistream.topology;

import org.jspecify.annotations.NullMarked;
