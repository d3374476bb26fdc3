import Contracts

/// A kind of call as dispatch meets it. Words and places are invented; the mix follows what city police publish.
struct CallStory {
    /// Of a hundred calls, about how many are of this kind.
    let weight: Int
    let code: String
    /// The sheriff's own code where it differs.
    var sheriffCode: String?
    let priority: Int
    let placeType: PlaceType
    let narrative: [String]
    /// What comes in with the second version, a few minutes later.
    var later: String?
    var flags: [Flag: Fact] = [:]
    var laterFlags: [Flag: Fact] = [:]
    var ageBand: AgeBand?
    var language: String?

    func code(for agency: AgencyID) -> String {
        agency == "riverside-sheriff" ? sheriffCode ?? code : code
    }

    static let all: [CallStory] = [
        CallStory(
            weight: 12, code: "5150", sheriffCode: "918", priority: 2, placeType: .residence,
            narrative: [
                "Caller says her adult son hears voices and has not slept for three days",
                "Neighbor is talking to people who are not there and crying on the lawn",
            ], later: "Caller now says he is calm and sitting on the porch", flags: [.weapon: .no, .violence: .no],
            ageBand: .adult),
        CallStory(
            weight: 5, code: "5150", sheriffCode: "918", priority: 2, placeType: .residence,
            narrative: ["Roommate is paranoid and talking to himself, will not come out of his room"],
            later: "Unknown if there is anything in the room he could use", ageBand: .adult, language: "es"),
        CallStory(
            weight: 3, code: "5150", sheriffCode: "918", priority: 1, placeType: .residence,
            narrative: ["Woman off her medication is hallucinating and throwing things at her husband"],
            later: "Now holding a knife in the kitchen", flags: [.violence: .yes], laterFlags: [.weapon: .yes],
            ageBand: .adult),
        CallStory(
            weight: 5, code: "801", priority: 1, placeType: .residence,
            narrative: ["Friend sent messages that she wants to end her life, alone at home"],
            flags: [.weapon: .no], ageBand: .adult),
        CallStory(
            weight: 12, code: "WELCK", priority: 3, placeType: .residence,
            narrative: [
                "Has not been seen for two days, depressed since his wife died",
                "Elderly neighbor seems confused and is standing in the driveway",
            ], later: "He answered the door and says he has no food in the house", flags: [.weapon: .no],
            ageBand: .olderAdult),
        CallStory(
            weight: 6, code: "415F", priority: 2, placeType: .residence,
            narrative: ["Mother and teenage daughter shouting, daughter says she cannot go on like this"],
            flags: [.weapon: .no, .violence: .no, .minor: .yes], ageBand: .youth),
        CallStory(
            weight: 7, code: "HTRANS", priority: 4, placeType: .encampment,
            narrative: ["Two people sleeping behind the wash, one asks about a shelter bed"],
            flags: [.unhoused: .yes], ageBand: .adult),
        CallStory(
            weight: 4, code: "647F", priority: 3, placeType: .street,
            narrative: ["Man lying on the sidewalk, smells of alcohol, breathing and talking"],
            flags: [.intoxication: .yes], ageBand: .adult),
        CallStory(
            weight: 8, code: "488", priority: 4, placeType: .business,
            narrative: ["Same two shoplifters as last week left with detergent"]),
        CallStory(
            weight: 5, code: "594", priority: 4, placeType: .business,
            narrative: ["Window of the shop broken overnight"]),
        CallStory(
            weight: 3, code: "602", priority: 3, placeType: .business,
            narrative: ["Man panhandling at the drive-through refuses to leave"]),
        CallStory(
            weight: 4, code: "415", priority: 3, placeType: .school,
            narrative: ["Two students arguing behind the gym, one has been absent for weeks"],
            flags: [.weapon: .no, .minor: .yes], ageBand: .youth),
        CallStory(
            weight: 1, code: "417", priority: 1, placeType: .school,
            narrative: ["Student showed a knife in class and threatened another"],
            flags: [.weapon: .yes, .minor: .yes], ageBand: .youth),
        CallStory(
            weight: 6, code: "415N", priority: 5, placeType: .residence, narrative: ["Loud music since midnight"]),
        CallStory(
            weight: 6, code: "459A", priority: 4, placeType: .business, narrative: ["Alarm at the rear door"]),
        CallStory(
            weight: 6, code: "1183", priority: 2, placeType: .street, narrative: ["Two cars, unknown injuries"]),
        CallStory(
            weight: 3, code: "415DV", priority: 1, placeType: .residence,
            narrative: ["Hears hitting and screaming next door"], flags: [.violence: .yes]),
        CallStory(
            weight: 3, code: "ZZTOP", priority: 3, placeType: .other,
            narrative: ["Caller would not say what it is about"]),
    ]

    static func pick(_ random: inout SeededRandom) -> CallStory {
        var left = Int.random(in: 0..<all.reduce(0) { $0 + $1.weight }, using: &random)
        for story in all {
            left -= story.weight
            if left < 0 { return story }
        }
        return all[0]
    }
}

/// Where the calls of an agency come from. The streets do not exist.
struct Beat {
    let agency: AgencyID
    let city: String
    /// Degrees.
    let latitude: Double
    let longitude: Double

    static let all = [
        Beat(agency: "beaumont-pd", city: "Beaumont", latitude: 33.929, longitude: -116.977),
        Beat(agency: "banning-pd", city: "Banning", latitude: 33.925, longitude: -116.876),
        Beat(agency: "riverside-sheriff", city: "Cabazon", latitude: 33.917, longitude: -116.787),
    ]

    static let streets = ["Example", "Sample", "Specimen", "Placeholder", "Imaginary", "Fictional"]
}
