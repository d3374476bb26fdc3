import Contracts
import Foundation
import ServiceKit

/// Who may publish calls and what their words mean: `agencies.yaml`, `communities.yaml`, `call-types/<agency>.csv`.
struct IntakeConfiguration: Sendable {
    let agencies: [AgencyID]
    let communities: [AgencyID: Community]
    let callTypes: [AgencyID: CallTypeTable]
    let gazetteer: Gazetteer

    /// - Throws: `ConfigurationError` naming file, line and fix: the service then does not start.
    init(_ environment: ServiceEnvironment) throws(ConfigurationError) {
        func text(_ name: String) throws(ConfigurationError) -> String {
            String(decoding: try environment.file(name), as: UTF8.self)
        }
        do {
            let list = try AgencyList(yaml: try text("agencies.yaml"), file: "agencies.yaml")
            agencies = list.agencies
            communities = list.communities
            gazetteer = try Gazetteer(yaml: try text("communities.yaml"), file: "communities.yaml")
            var callTypes: [AgencyID: CallTypeTable] = [:]
            for agency in agencies {
                let file = "call-types/\(agency).csv"
                callTypes[agency] = try CallTypeTable(csv: try text(file), file: file)
            }
            self.callTypes = callTypes
        } catch let problem as ConfigurationProblem {
            throw ConfigurationError([problem.description])
        } catch {
            throw error as? ConfigurationError ?? ConfigurationError(["\(error)"])
        }
    }
}
