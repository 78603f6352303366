package dev.phistream.faults;

/** What is done to the processors and their broker. */
enum FaultKind {
  /** SIGKILL in mid-stream; another instance is started in its place. */
  KILL,
  /** SIGTERM in mid-stream; another instance is started in its place. */
  TERMINATE,
  /** SIGSTOP until the group has given the instance up, then SIGCONT. */
  PAUSE,
  /** One instance more. */
  ADD,
  /** SIGTERM, and nobody in its place. */
  REMOVE,
  /** The broker stops and starts again on its data. */
  RESTART_BROKER,
  /** Many times the in-flight window, for one partition and one tier. */
  BURST
}
