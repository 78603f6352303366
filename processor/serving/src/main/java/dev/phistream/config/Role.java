package dev.phistream.config;

/** What a process does of the way from event to labels. */
public enum Role {
  /** All of it. */
  ALL,
  /** Sends each event to the topic of the variant that shall answer it; has no models. */
  ROUTER,
  /** Answers the events in the topics of its variants. */
  CLASSIFIER
}
