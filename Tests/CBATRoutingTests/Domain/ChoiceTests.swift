import Contracts
import Foundation
import Testing

@testable import CBATRouting

@Suite("Choosing a pair")
struct ChoiceTests {
    private func choose(
        _ demand: Demand, positions: [String: Community] = [:], ledger: ClinicianLedger = ClinicianLedger(),
        closed: Set<String> = []
    ) throws -> PairChoice {
        let roster = try Samples.roster()
        let free = roster.pairings.map { FreePair(pairing: $0, position: positions[$0.id] ?? $0.home) }
        return roster.choose(for: demand, among: free, ledger: ledger, closed: closed)
    }

    private func demand(_ community: Community, language: String? = nil, isYouth: Bool = false) -> Demand {
        Demand(community: community, language: language, isYouth: isYouth)
    }

    @Test("the nearest pair goes, other things equal", arguments: ["beaumont", "banning", "cabazon"])
    func nearest(_ community: String) throws {
        let choice = try choose(demand(Community(rawValue: community)))
        #expect(choice.chosen?.pairing == community)
        #expect(choice.ranked.count == 3)
        #expect(choice.chosen?.fairness == 0)
    }

    @Test("a language only the farther pair speaks outweighs a short way")
    func language() throws {
        let choice = try choose(demand(.cabazon, language: "es-MX"))
        #expect(choice.chosen?.pairing == "banning" || choice.chosen?.pairing == "cabazon")
        let banning = try #require(choice.ranked.first { $0.pairing == "banning" })
        let beaumont = try #require(choice.ranked.first { $0.pairing == "beaumont" })
        let cabazon = try #require(choice.ranked.first { $0.pairing == "cabazon" })
        #expect((beaumont.language, banning.language, cabazon.language) == (0, 6, 15))
        #expect(choice.chosen == banning)
        #expect(try choose(demand(.cabazon, language: "en")).chosen?.language == 0)
    }

    @Test("a young person draws the clinician with the specialty")
    func youth() throws {
        let choice = try choose(demand(.banning, isYouth: true))
        #expect(choice.ranked.first { $0.pairing == "banning" }?.youth == 10)
        #expect(choice.chosen?.youth == 0)
    }

    @Test("a clinician who gave the community more than its share is spared there, and the other way round")
    func fairness() throws {
        var ledger = ClinicianLedger()
        ledger.add(2000, of: "clinician-sample", in: .beaumont)
        let choice = try choose(demand(.beaumont), positions: ["banning": .beaumont], ledger: ledger)
        #expect(choice.chosen?.pairing == "banning")
        let spared = try #require(choice.runnerUp)
        #expect(spared.fairness > 0)
        #expect(try choose(demand(.banning), ledger: ledger).ranked.first { $0.pairing == "beaumont" }!.fairness < 0)
    }

    @Test("the unincorporated area draws on the share of Cabazon, the world outside on none")
    func accounts() throws {
        let targets = try Samples.roster().fairness
        var ledger = ClinicianLedger()
        ledger.add(960, of: "c", in: .unincorporated)
        ledger.add(5000, of: "c", in: .outside)
        #expect(abs(targets.excess(of: .cabazon, for: "c", in: ledger) - 0.375) < 0.0001)
        #expect(targets.excess(of: .unincorporated, for: "c", in: ledger) > 0)
        #expect(targets.excess(of: .outside, for: "c", in: ledger) == 0)
        #expect(targets.excess(of: .beaumont, for: "nobody yet", in: ledger) == 0)
    }

    @Test("of equals the one with less work goes, then the first by id")
    func ties() throws {
        let same: [String: Community] = ["beaumont": .beaumont, "banning": .beaumont, "cabazon": .beaumont]
        #expect(
            try choose(demand(.beaumont), positions: same).ranked.map(\.pairing) == ["banning", "beaumont", "cabazon"])
        var ledger = ClinicianLedger()
        ledger.add(60, of: "clinician-example", in: .outside)
        #expect(try choose(demand(.beaumont), positions: same, ledger: ledger).chosen?.pairing == "beaumont")
    }

    @Test("the reason tells chosen and next with their terms in minutes")
    func reason() throws {
        let choice = try choose(demand(.cabazon, language: "es"))
        #expect(choice.reason == "CBAT2 16 min (travel 10, language 6); next CBAT1 20 min (travel 20).")
        let nobody = PairChoice(ranked: [], setAside: [SetAside(pairing: "beaumont", reason: .busy)])
        #expect(nobody.reason == "Every pair on shift is busy.")
    }

    @Test("a closed road cuts Cabazon off and sends Beaumont's pair round by the streets")
    func closure() throws {
        let choice = try choose(
            demand(.cabazon), positions: ["cabazon": .banning], closed: ["i10-banning-cabazon", "i10-beaumont-banning"])
        #expect(choice.ranked.isEmpty)
        #expect(Set(choice.setAside.map(\.reason)) == [.cutOff])
        let travel = try Samples.roster().travel
        #expect(travel.minutes(from: .beaumont, to: .banning) == 10)
        #expect(travel.minutes(from: .beaumont, to: .banning, closed: ["i10-beaumont-banning"]) == 24)
        #expect(travel.minutes(from: .beaumont, to: .cabazon) == 20)
        #expect(travel.minutes(from: .beaumont, to: .cabazon, closed: ["i10-banning-cabazon"]) == nil)
    }

    @Test("a pair at a facility comes back by the nearer end, and nobody drives through a facility")
    func outside() throws {
        let travel = try Samples.roster().travel
        #expect(travel.minutes(from: .outside, to: .beaumont) == 32)
        #expect(travel.minutes(from: .outside, to: .cabazon) == 22)
        #expect(travel.minutes(from: "palm-desert", to: .banning) == 32)
        #expect(travel.minutes(from: .cabazon, to: .beaumont, closed: ["i10-banning-cabazon"]) == nil)
        #expect(travel.minutes(from: .outside, to: .outside) == 0)
    }
}
