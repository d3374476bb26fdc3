/// Where a database is and how a session on it behaves. PostgreSQL 14 or newer.
package struct PostgresConfiguration: Sendable {
    /// A host name, an address, or the directory of a Unix socket.
    package var host: String
    package var port: Int
    package var database: String
    package var user: String
    package var password: String
    /// Shown in `pg_stat_activity`.
    package var applicationName: String
    /// The only schema on the session's `search_path`; the server's own default when nil.
    package var schema: String?
    /// The longest one statement may take in the server.
    package var statementTimeout: Duration
    /// How much longer than the statement timeout an answer may take before the connection counts as lost.
    package var answerGrace: Duration
    package var connectTimeout: Duration
    package var tls: TLS
    /// Further server settings of the session, for example `enable_seqscan`: `off`.
    package var settings: [String: String]

    package enum TLS: String, Sendable {
        case disable, prefer, require
        case verifyFull = "verify-full"
    }

    package init(
        host: String, port: Int = 5432, database: String, user: String, password: String,
        applicationName: String, schema: String? = nil, statementTimeout: Duration = .seconds(8),
        answerGrace: Duration = .seconds(3), connectTimeout: Duration = .seconds(5), tls: TLS = .prefer,
        settings: [String: String] = [:]
    ) {
        self.host = host
        self.port = port
        self.database = database
        self.user = user
        self.password = password
        self.applicationName = applicationName
        self.schema = schema
        self.statementTimeout = statementTimeout
        self.answerGrace = answerGrace
        self.connectTimeout = connectTimeout
        self.tls = tls
        self.settings = settings
    }
}

extension PostgresConfiguration {
    /// The libpq connection string. Settings travel in the start-up packet, so they cost no round trip.
    var connectionString: String {
        [
            ("host", host), ("port", "\(port)"), ("dbname", database), ("user", user), ("password", password),
            ("application_name", applicationName), ("client_encoding", "UTF8"), ("sslmode", tls.rawValue),
            ("gssencmode", "disable"), ("options", sessionOptions),
            ("keepalives_idle", "30"), ("keepalives_interval", "10"), ("keepalives_count", "3"),
        ].map { key, value in "\(key)='\(Self.escape(value, "'"))'" }.joined(separator: " ")
    }

    private var sessionOptions: String {
        var options = [
            "statement_timeout": "\(Int(statementTimeout / .milliseconds(1)))",
            "client_min_messages": "warning",
            // A session whose client has gone stops its statement, releases its locks and ends.
            "client_connection_check_interval": "1000",
            "idle_in_transaction_session_timeout": "15000",
            "tcp_keepalives_idle": "30",
            "tcp_keepalives_interval": "10",
            "tcp_keepalives_count": "3",
            // Short statements only: compiling them costs more than it saves.
            "jit": "off",
        ]
        if let schema { options["search_path"] = SQL.quoted(identifier: schema) }
        options.merge(settings) { _, chosen in chosen }
        return options.sorted { $0.key < $1.key }
            .map { key, value in "-c \(key)=\(Self.escape(value, " "))" }.joined(separator: " ")
    }

    private static func escape(_ value: String, _ special: Character) -> String {
        String(value.flatMap { $0 == "\\" || $0 == special ? ["\\", $0] : [$0] })
    }
}
