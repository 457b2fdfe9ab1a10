CREATE TABLE territories (
    num INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    level TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CHECK (level IN ('national', 'area', 'district', 'territory', 'brick'))
) STRICT;

CREATE TABLE territory_versions (
    territory_id TEXT NOT NULL REFERENCES territories (id),
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    parent_id TEXT REFERENCES territories (id),
    potential INTEGER,
    PRIMARY KEY (territory_id, valid_from),
    CHECK (valid_to IS NULL OR valid_to > valid_from),
    CHECK (parent_id IS NULL OR parent_id <> territory_id)
) STRICT;
CREATE INDEX territory_versions_parent ON territory_versions (parent_id);

-- Who holds a territory when, and with which part of its direct credit.
CREATE TABLE territory_assignments (
    id TEXT NOT NULL PRIMARY KEY,
    participant_id TEXT NOT NULL REFERENCES participants (id),
    territory_id TEXT NOT NULL REFERENCES territories (id),
    role TEXT NOT NULL,
    share INTEGER NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    version INTEGER NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (participant_id, territory_id, role, valid_from),
    CHECK (role IN ('direct', 'overlay')),
    CHECK (share > 0 AND share <= 1000000),
    CHECK (valid_to IS NULL OR valid_to > valid_from)
) STRICT;
CREATE INDEX territory_assignments_territory ON territory_assignments (territory_id, valid_from);

CREATE TABLE categories (
    num INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    parent_id TEXT REFERENCES categories (id),
    unit_id TEXT REFERENCES units (id),
    version INTEGER NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CHECK (parent_id <> id)
) STRICT;

CREATE TABLE products (
    num INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;

CREATE TABLE product_versions (
    product_id TEXT NOT NULL REFERENCES products (id),
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    category_id TEXT NOT NULL REFERENCES categories (id),
    list_price INTEGER,
    unit_margin INTEGER,
    PRIMARY KEY (product_id, valid_from),
    CHECK (valid_to IS NULL OR valid_to > valid_from)
) STRICT;
CREATE INDEX product_versions_category ON product_versions (category_id);

CREATE TABLE periods (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open',
    version INTEGER NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CHECK (kind IN ('month', 'quarter', 'four_month', 'half_year', 'year')),
    CHECK (state IN ('open', 'closed')),
    CHECK (last_day >= first_day)
) STRICT;
CREATE INDEX periods_days ON periods (first_day, last_day);
