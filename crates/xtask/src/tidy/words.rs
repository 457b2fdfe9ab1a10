//! The closed lists of the house. To add a word is a decision: say in the commit what it is for.

/// The features: one word names a feature in every crate (`crates/*/src/goal.rs`).
pub(crate) const FEATURES: &[&str] = &[
    "session",
    "organization",
    "territory",
    "product",
    "period",
    "sales",
    "goal",
    "plan",
    "assignment",
    "run",
    "statement",
    "adjustment",
    "dispute",
    "payment",
    "insight",
    "audit",
    "integration",
];

/// What a crate holds besides features: its organs. A crate with `*` is one organ as a whole, and
/// its parts are its own.
pub(crate) const ORGANS: &[(&str, &[&str])] = &[
    (
        "domain",
        &[
            "access",
            "actor",
            "changes",
            "credit",
            "document",
            "eligibility",
            "engine",
            "exact",
            "finding",
            "id",
            "inputs",
            "money",
            "result",
            "schema",
            "split",
            "time",
            "trace",
            "workflow",
        ],
    ),
    ("contract", &["act", "decimal", "endpoint", "import", "job", "page", "problem"]),
    ("intake", &["*"]),
    ("store", &["db"]),
    ("server", &["cli", "config", "http", "import", "job", "log", "problem", "routes", "spa", "state", "workflow"]),
    ("demo", &[]),
    ("testkit", &["database", "postgres"]),
    ("xtask", &["*"]),
];

/// Names that say nothing about what is inside; refused anywhere under a `src`.
pub(crate) const EMPTY_WORDS: &[&str] = &["common", "core", "helper", "helpers", "misc", "util", "utils"];

/// The walls: which crates of the workspace a crate may stand on.
pub(crate) const WALLS: &[(&str, &[&str])] = &[
    ("traguardo-domain", &[]),
    ("traguardo-contract", &["traguardo-domain"]),
    ("traguardo-intake", &["traguardo-domain"]),
    ("traguardo-migrations", &[]),
    ("traguardo-store", &["traguardo-domain", "traguardo-contract", "traguardo-migrations"]),
    (
        "traguardo-server",
        &["traguardo-domain", "traguardo-contract", "traguardo-intake", "traguardo-store", "traguardo-demo"],
    ),
    ("traguardo-demo", &["traguardo-domain", "traguardo-contract"]),
    (
        "traguardo-testkit",
        &[
            "traguardo-domain",
            "traguardo-contract",
            "traguardo-migrations",
            "traguardo-store",
            "traguardo-server",
            "traguardo-demo",
        ],
    ),
    ("traguardo-xtask", &["traguardo-domain", "traguardo-contract"]),
    ("traguardo-frontend", &["traguardo-domain", "traguardo-contract"]),
];

/// What the tests of a crate may use besides; `testkit` stands on `server`, so the crates
/// before it use it from their integration tests only.
pub(crate) const FOR_TESTS: &[&str] = &["traguardo-testkit", "traguardo-demo"];

/// Crates from outside that only some of ours may name, tests aside: the prefix, ours, and why.
pub(crate) const KEPT_INSIDE: &[(&str, &[&str], &str)] = &[
    (
        "sea-orm",
        &["traguardo-store", "traguardo-migrations", "traguardo-testkit"],
        "`store` is the only crate that knows SQL",
    ),
    (
        "sqlx",
        &["traguardo-store", "traguardo-migrations", "traguardo-testkit"],
        "`store` is the only crate that knows SQL",
    ),
    ("calamine", &["traguardo-intake"], "`intake` is the only crate that knows file formats"),
    ("quick-xml", &["traguardo-intake"], "`intake` is the only crate that knows file formats"),
    ("rust_xlsxwriter", &["traguardo-intake"], "`intake` is the only crate that knows file formats"),
    ("rusqlite", &[], "the database is reached through `store`"),
    ("actix", &["traguardo-server", "traguardo-testkit"], "`server` is the only crate that knows HTTP"),
    ("leptos", &["traguardo-frontend"], "`frontend` is the only crate that draws pages"),
];

/// What `domain` may stand on from outside, and no more.
pub(crate) const DOMAIN_STANDS_ON: &[&str] = &[
    "chrono",
    "num-bigint",
    "num-integer",
    "num-rational",
    "num-traits",
    "rust_decimal",
    "schemars",
    "serde",
    "serde_json",
    "sha2",
    "strsim",
    "thiserror",
    "uuid",
];

/// Features that nobody may switch on: crate, feature, which of ours (`None`: anyone), why.
pub(crate) const REFUSED_FEATURES: &[(&str, &str, Option<&str>, &str)] = &[
    ("chrono", "clock", Some("traguardo-domain"), "`domain` reads no clock"),
    ("chrono", "now", Some("traguardo-domain"), "`domain` reads no clock"),
    ("uuid", "v4", Some("traguardo-domain"), "`domain` draws nothing at random"),
    ("uuid", "v7", Some("traguardo-domain"), "`domain` draws nothing at random"),
    ("serde_json", "arbitrary_precision", None, "it changes how every crate in the build reads a number"),
    ("actix-web", "http2", None, "it pulls an h2 with an open advisory"),
    ("jsonwebtoken", "rust_crypto", None, "it pulls an rsa with an open advisory"),
];

/// Words that bring IO, a clock, chance or an order by chance into `domain`, and what to do instead.
pub(crate) const IMPURE: &[(&str, &str)] = &[
    ("SystemTime", "take the instant as a parameter"),
    ("Instant", "take the instant as a parameter"),
    ("Local", "take the instant as a parameter, in UTC"),
    ("Utc::now", "take the instant as a parameter"),
    ("std::fs", "let the caller read the file"),
    ("std::net", "let the caller talk to the network"),
    ("std::env", "take the setting as a parameter"),
    ("std::thread", "let the caller choose how to run it"),
    ("std::process", "return what went wrong"),
    ("rand", "take the drawn value as a parameter"),
    ("new_v4", "take the id as a parameter"),
    ("now_v7", "take the id as a parameter"),
    ("HashMap", "use `BTreeMap`: its order is the same on every target"),
    ("HashSet", "use `BTreeSet`: its order is the same on every target"),
];
