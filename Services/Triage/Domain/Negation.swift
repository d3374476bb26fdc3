/// Tells "has a gun" from "denies having a gun".
///
/// A negated mention only does not count: it never answers no, because a remark cannot rule danger out. When in doubt a
/// mention counts.
struct Negation: Sendable, Equatable {
    /// `no`, `denies`, `unknown if`.
    let cues: [Phrase]
    /// How many words before the mention a cue may stand.
    let reach: Int
    /// Words that begin a new thought: "no medication **but** a knife".
    let endedBy: Set<String>
    /// Words that turn a cue around: "will not **drop** the knife".
    let unlessFollowedBy: Set<String>

    /// Whether the mention that begins at `index` is negated.
    func covers(_ clause: [String], at index: Int) -> Bool {
        for position in stride(from: index - 1, through: max(0, index - reach), by: -1) {
            if isCue(clause, endingAt: position) { return !unlessFollowedBy.contains(clause[position + 1]) }
            if endedBy.contains(clause[position]), !isCue(clause, endingAt: position - 1) { return false }
        }
        return false
    }

    private func isCue(_ clause: [String], endingAt index: Int) -> Bool {
        cues.contains { cue in
            let start = index - cue.words.count + 1
            return start >= 0 && cue.matches(clause, at: start)
        }
    }
}
