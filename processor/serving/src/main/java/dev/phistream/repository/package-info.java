/**
 * Models from elsewhere: the catalogue of published weight sets, their download and import, and the
 * repository on disk that keeps them. It runs no network and knows nothing of Kafka.
 */
@NullMarked
package dev.phistream.repository;

import org.jspecify.annotations.NullMarked;
