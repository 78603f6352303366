package dev.phistream.topology;

/**
 * A place in the ledger. Only its owner enters events there, so that an instance which was believed
 * dead can overwrite nothing of its successor's.
 *
 * @param owner a random number, new for each incarnation of a task
 * @param slot 0 or more, used again when free
 */
record SlotKey(long owner, int slot) {}
