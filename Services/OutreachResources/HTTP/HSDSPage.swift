import Contracts

/// What a list request asks for: a page of at most 200, and filters that all must hold.
struct HSDSQuery: Sendable, Equatable {
    var page = 1
    var perPage = 50
    var search: String?
    var isFull = false
    var isMinimal = false
    var isLineByLine = false

    func matches(_ texts: String?...) -> Bool {
        guard let search = search?.lowercased(), !search.isEmpty else { return true }
        return texts.contains { $0?.lowercased().contains(search) ?? false }
    }
}

/// HSDS's `Page`, with the entries of this one page.
struct HSDSPage: Sendable {
    let document: HSDSValue
    let contents: [HSDSValue]

    init(_ all: [HSDSValue], _ query: HSDSQuery) {
        let pages = max(1, (all.count + query.perPage - 1) / query.perPage)
        let start = min(all.count, (query.page - 1) * query.perPage)
        contents = Array(all[start..<min(all.count, start + query.perPage)])
        document = [
            "total_items": .number(all.count),
            "total_pages": .number(pages),
            "page_number": .number(query.page),
            "size": .number(contents.count),
            "first_page": .flag(query.page == 1),
            "last_page": .flag(query.page >= pages),
            "empty": .flag(contents.isEmpty),
            "contents": .list(contents),
        ]
    }

    /// One entry a line, without the page around it.
    var lines: String {
        get throws {
            try contents.map { String(decoding: try ContractJSON.encode($0), as: UTF8.self) + "\n" }.joined()
        }
    }
}
