/**
 * The fault suite: processors that are killed, paused, added and removed while events flow, and an
 * oracle that reads what came out. It knows the processor from outside only: its command line, its
 * topics and the schemas.
 */
@NullMarked
package dev.phistream.faults;

import org.jspecify.annotations.NullMarked;
