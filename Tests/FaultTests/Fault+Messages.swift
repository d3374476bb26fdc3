import AMQP
import Contracts
import Foundation
import Postgres
import TestSupport

extension Fault {
    static let messageFaults = [
        Fault("a tenth of all events is published a second time") { scene, _ in
            try await scene.awaitCalls(100)
            for service in scene.publishers {
                try await scene.ask(
                    """
                    insert into \(unescaped: service).outbox (id, day, partition_key)
                    select id, day, partition_key from \(unescaped: service).events
                    where exchange = 'events' and id % 10 = 3 order by id desc limit 1000 on conflict do nothing
                    """)
            }
        },
        Fault("one message in fifty is poison, and its neighbours are none the worse") { scene, random in
            try await scene.poison(&random)
        },
    ]
}
