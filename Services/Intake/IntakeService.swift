package import Contracts
import Foundation
import AMQP
import Messaging
package import Postgres
package import ServiceKit
package import ServiceLifecycle

/// Receives what dispatch systems publish: validates it, keeps every version of every call, answers with receipts.
///
/// Consumes `cad.<agency>.call.v1` and `cad.<agency>.unit-status.v1`; publishes ``CallReceived``, ``CallUpdated``,
/// ``CallClosed``, ``UnitStatusChanged`` and receipts; owns schema `intake`.
package enum IntakeService {
    package static let migrations =
        MessagingMigrations.all + [Migration(name: "0002_calls", embedded: PackageResources._002_calls_sql)]

    package static func compose(_ environment: ServiceEnvironment) throws -> [any Service] {
        let configuration = try IntakeConfiguration(environment)
        let database = PostgresClient(environment.database, logger: environment.logger)
        let flow = environment.flow(database)
        let receive = flow.processor(
            ReceiveCADMessages(
                callTypes: configuration.callTypes, gazetteer: configuration.gazetteer,
                communities: configuration.communities))
        let consumers = configuration.agencies.map { agency in
            flow.consumer(queue: Topology.cadQueueName(agency), receive, reading: CADMessage.reading)
        }
        let server = environment.server(database) { routes in
            CallRoutes(database: database).add(to: routes)
            ReceiptRoutes(database: database).add(to: routes.afterBacklog(of: database))
        }
        return [database, flow.upkeep, flow.deadLetters, flow.relay, flow.retries(receive)] + consumers + [server]
    }
}

extension IntakeService {
    /// The agencies that `agencies.yaml` lists: whoever declares the broker's queues asks here, so that both agree.
    package static func agencies(inDirectory directory: String) throws -> [AgencyID] {
        let text = try String(contentsOfFile: directory + "/agencies.yaml", encoding: .utf8)
        return try AgencyList(yaml: text, file: "agencies.yaml").agencies
    }
}
