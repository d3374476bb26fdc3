import Contracts
import Foundation
import Postgres

/// Reads the latest observation of each service of the directory.
enum CapacityStore {
    static func latest(
        _ directory: Directory, _ query: (SQL) async throws -> [Row]
    ) async throws -> [UUID: CapacityObservation] {
        let rows = try await query(
            """
            select service, o.free_count, o.band, o.source, o.observed_at
            from unnest(\(directory.services.map(\.id))) as service cross join lateral (
                select * from capacity_observations where service_id = service
                order by observed_at desc, source limit 1) as o
            """)
        return Dictionary(
            try rows.map { row in
                let (service, count, band, source, observedAt) = try row.decode(
                    UUID.self, Int?.self, String?.self, String.self, Date.self)
                return (
                    service,
                    CapacityObservation(
                        service: service, count: count, band: band.map(CapacityBand.init(rawValue:)), source: source,
                        observedAt: observedAt)
                )
            }, uniquingKeysWith: { first, _ in first })
    }
}
