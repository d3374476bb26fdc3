/// Of two replicas one is first: the relay that holds the session lock, the queue's active consumer.
enum Role: UInt8 {
    case first
    /// The server has given its place away, and it has not noticed.
    case cutOff
    case standby
}

/// A relay's memory. What it deleted, it forgets.
struct Relay {
    var role: Role
    /// Read and on the way to the broker.
    var reading = EventSet()
    /// Taken by the broker, the confirm on the way back.
    var accepted = EventSet()

    var inFlight: EventSet { reading | accepted }

    var rank: Int { Int(role.rawValue) << 16 | Int(reading.bits) << 8 | Int(accepted.bits) }
}

/// A consumer's memory.
struct Consumer {
    var role: Role
    var phase = Phase.collecting
    var batch = Copies()

    enum Phase: UInt8 {
        case collecting
        /// In a transaction: the inbox rows are inserted, the calls' rows locked.
        case claimed
        case committed
        /// Only in the model that is wrong about it: still in the transaction, and the broker has forgotten the batch.
        case acknowledged
    }

    var isInTransaction: Bool { phase == .claimed || phase == .acknowledged }

    /// What the broker hands on when the connection of the active consumer ends.
    var unacknowledged: Copies { phase == .acknowledged ? Copies() : batch }

    var rank: Int { Int(role.rawValue) << 16 | Int(phase.rawValue) << 8 | Int(batch.counts) }
}
