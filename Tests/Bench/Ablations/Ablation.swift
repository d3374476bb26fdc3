import ArgumentParser

/// Something our worker could do otherwise.
enum Ablation: String, CaseIterable, ExpressibleByArgument {
    /// Messages that are settled in one transaction.
    case batch
    /// Messages that are published before the first is confirmed.
    case window
    /// What reads the calls.
    case decoder

    /// What it is set to, beside what it is without being set.
    var values: [String] {
        switch self {
        case .batch: ["1", "16", "512"]
        case .window: ["1", "50", "2000"]
        case .decoder: ["foundation"]
        }
    }
}
