import Foundation
import TestSupport
import Testing

/// Many wrong inputs for one reader. Whatever is wrong with a reader that traps, overruns or loops shows here, in this
/// process: an input that is to blame is printed, also by the process that dies of it.
struct Campaign {
    let name: String
    let corpus: [[UInt8]]

    /// How many inputs all decoders together are given, and the streams in proportion.
    static let inputs = variable("INPUTS").flatMap(Int.init) ?? 50_000
    static let seed = variable("SEED").flatMap(UInt64.init) ?? UInt64.random(in: 1...999_999)

    private static let slowest = Duration.seconds(2)
    /// What a reader may keep: nothing grows with the number of inputs.
    static let memoryBound = 48 << 20

    private static func variable(_ name: String) -> String? {
        ProcessInfo.processInfo.environment["COPPS_FUZZ_\(name)"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// - Parameter read: throws what is wrong with the reader, not with the input.
    func run(share: Int, _ read: ([UInt8]) throws -> Void) {
        LastInput.tellAtDeath()
        let count = max(1, Self.inputs / share)
        print("\(name): \(count) inputs, COPPS_FUZZ_SEED=\(Self.seed)")
        var mutator = Mutator(random: SeededRandom(seed: Self.seed, for: name), corpus: corpus)
        var memory = 0
        for number in 0..<count {
            if number == count / 4 { memory = Self.residentMemory }
            let input = mutator.next()
            LastInput.note(input)
            let start = ContinuousClock.now
            do {
                try read(input)
            } catch {
                Issue.record("\(name), seed \(Self.seed), input \(number): \(error): \(input.hexadecimal)")
                return
            }
            let time = ContinuousClock.now - start
            guard time < Self.slowest else {
                Issue.record("\(name), seed \(Self.seed), input \(number) took \(time): \(input.hexadecimal)")
                return
            }
        }
        #expect(Self.residentMemory - memory < Self.memoryBound)
    }

    static var residentMemory: Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}

/// A guarantee that a reader broke.
struct Broken: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

extension Sequence<UInt8> {
    var hexadecimal: String {
        map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
