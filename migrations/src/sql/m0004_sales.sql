-- Where lines come from; the policy says what happens to data that arrives after a close.
CREATE TABLE sales_sources (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    late_policy TEXT NOT NULL DEFAULT 'next_period',
    late_threshold INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CHECK (late_policy IN ('ignore', 'next_period', 'reopen'))
) STRICT;

CREATE TABLE import_mappings (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    source_code TEXT NOT NULL,
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    created_by TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (kind, source_code, name)
) STRICT;

-- Files that a job reads or has written, in pieces: every server process sees them.
CREATE TABLE files (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    purpose TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 TEXT,
    created_by TEXT,
    created_at TEXT NOT NULL,
    expires_at TEXT
) STRICT;
CREATE TABLE file_chunks (
    file_id TEXT NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    no INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (file_id, no)
) STRICT;

-- `num` numbers the batch's lines (line id = num * 2^28 + row of the file).
-- `published_no` is given at publication, in its order: "as of batch n" is always the same data.
CREATE TABLE import_batches (
    num INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    source_code TEXT NOT NULL,
    file_name TEXT NOT NULL,
    file_id TEXT REFERENCES files (id),
    file_sha256 TEXT NOT NULL,
    file_bytes INTEGER NOT NULL,
    mapping TEXT NOT NULL,
    options TEXT NOT NULL,
    state TEXT NOT NULL,
    rows_in INTEGER NOT NULL DEFAULT 0,
    accepted INTEGER NOT NULL DEFAULT 0,
    rejected INTEGER NOT NULL DEFAULT 0,
    duplicates INTEGER NOT NULL DEFAULT 0,
    totals TEXT,
    first_day INTEGER,
    last_day INTEGER,
    currencies TEXT NOT NULL DEFAULT '',
    published_no INTEGER UNIQUE,
    job_id TEXT,
    created_by TEXT,
    created_at TEXT NOT NULL,
    finished_at TEXT,
    version INTEGER NOT NULL DEFAULT 1,
    CHECK (state IN ('staging', 'published', 'refused', 'cancelled', 'dry_run')),
    CHECK (state <> 'published' OR rows_in = accepted + rejected + duplicates)
) STRICT;
-- The same sales file is published once, whoever sends it and however many at a time.
CREATE UNIQUE INDEX import_batches_once ON import_batches (kind, source_code, file_sha256)
    WHERE kind = 'sales' AND state = 'published';
CREATE INDEX import_batches_created ON import_batches (created_at);

CREATE TABLE import_findings (
    batch_id TEXT NOT NULL REFERENCES import_batches (id),
    no INTEGER NOT NULL,
    row_no INTEGER,
    column_name TEXT,
    severity TEXT NOT NULL,
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    help TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (batch_id, no),
    CHECK (severity IN ('warning', 'error'))
) STRICT;
-- The rows of a partial import that were left out, as they were, with the reason.
CREATE TABLE import_rejects (
    batch_id TEXT NOT NULL REFERENCES import_batches (id),
    row_no INTEGER NOT NULL,
    raw TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (batch_id, row_no)
) STRICT;

CREATE TABLE customers (
    num INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE channels (
    num INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE
) STRICT;

-- The hot table. It has no index but its key (a batch is a range of ids, and a batch knows its
-- days) and no foreign keys: publication checks the whole batch at once, in sets.
-- `day` counts from 1970-01-01. Amounts are millionths.
CREATE TABLE sales_lines (
    id INTEGER NOT NULL PRIMARY KEY,
    day INTEGER NOT NULL,
    product_num INTEGER NOT NULL,
    participant_num INTEGER,
    territory_num INTEGER,
    channel_num INTEGER,
    customer_num INTEGER,
    amount INTEGER NOT NULL,
    quantity INTEGER,
    margin INTEGER,
    currency TEXT NOT NULL,
    external_id TEXT,
    CHECK (participant_num IS NOT NULL OR territory_num IS NOT NULL)
) STRICT;
CREATE INDEX sales_lines_external ON sales_lines (external_id) WHERE external_id IS NOT NULL;

-- The same lines packed (format: crates/store/src/sales/block.rs), a few thousand to a row, for
-- what reads all of a period: unpacking is tens of times faster than fetching rows.
-- `no` is the row of the first line in it.
CREATE TABLE sales_blocks (
    batch_num INTEGER NOT NULL,
    no INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    first_day INTEGER NOT NULL,
    last_day INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (batch_num, no)
) STRICT;

-- `line_id` is out of the data from the batch published as `published_no` on.
CREATE TABLE sales_supersessions (
    line_id INTEGER NOT NULL PRIMARY KEY,
    by_line_id INTEGER NOT NULL,
    published_no INTEGER NOT NULL
) STRICT;

CREATE TABLE kpi_values (
    participant_id TEXT NOT NULL REFERENCES participants (id),
    kpi TEXT NOT NULL,
    period_id TEXT NOT NULL REFERENCES periods (id),
    value INTEGER NOT NULL,
    batch_id TEXT REFERENCES import_batches (id),
    version INTEGER NOT NULL DEFAULT 1,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (participant_id, kpi, period_id)
) STRICT;
CREATE INDEX kpi_values_period ON kpi_values (period_id);

-- Results of the old spreadsheet, for the parallel run.
CREATE TABLE foreign_results (
    period_id TEXT NOT NULL REFERENCES periods (id),
    participant_id TEXT NOT NULL REFERENCES participants (id),
    component TEXT NOT NULL DEFAULT '',
    value INTEGER NOT NULL,
    batch_id TEXT REFERENCES import_batches (id),
    updated_at TEXT NOT NULL,
    PRIMARY KEY (period_id, participant_id, component)
) STRICT;
