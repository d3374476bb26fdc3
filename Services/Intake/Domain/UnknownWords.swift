import Contracts

extension CallSnapshot {
    /// The kinds of word in which this call says something nobody here knows. Such a call is accepted, with the word
    /// kept; a rising count tells the operator that a table or a mapping is out of date.
    var unknownWords: [String] {
        var kinds: [String] = []
        if !type.isRecognized { kinds.append("call-type") }
        if !status.isKnown { kinds.append("status") }
        if !location.placeType.isKnown { kinds.append("place-type") }
        if ageBand?.isKnown == false || persons.contains(where: { $0.ageBand?.isKnown == false }) {
            kinds.append("age-band")
        }
        if flags.keys.contains(where: { !$0.isKnown }) { kinds.append("flag") }
        if flags.values.contains(where: { !$0.isKnown }) { kinds.append("fact") }
        return kinds
    }
}
