import ServiceLifecycle

/// Waits longer after each failure, with jitter, up to fifteen seconds; no longer than until shutdown.
struct Backoff {
    private var failures = 0

    mutating func reset() {
        failures = 0
    }

    mutating func pause() async {
        let ceiling = min(15, 0.2 * Double(1 << min(failures, 7)))
        failures += 1
        let time = Duration.seconds(Double.random(in: ceiling / 2...ceiling))
        try? await cancelWhenGracefulShutdown { try await Task.sleep(for: time) }
    }
}
