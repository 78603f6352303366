/**
 * A Kafka broker in this process, for the demo, for development and for tests. Production code
 * paths do not depend on it.
 */
@NullMarked
package dev.phistream.broker;

import org.jspecify.annotations.NullMarked;
