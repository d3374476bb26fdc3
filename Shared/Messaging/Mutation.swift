import Foundation

/// A way to be wrong on purpose, so that the fault suite can show that it would notice: `COPPS_MUTATION` in the
/// environment of a debug build. A release build has none.
enum Mutation: String {
    /// Messages are acknowledged before what became of them is committed.
    case ackBeforeCommit = "ack-before-commit"
    /// The relay follows the ids instead of what is pending.
    case cursorOutbox = "cursor-outbox"
    /// A message that was handled before is handled again.
    case dedupeOff = "dedupe-off"

    #if DEBUG
        private static let chosen = ProcessInfo.processInfo.environment["COPPS_MUTATION"].flatMap(Mutation.init)
    #else
        private static let chosen: Mutation? = nil
    #endif

    var isChosen: Bool { Self.chosen == self }
}
