CREATE TABLE runs (
    id TEXT NOT NULL PRIMARY KEY,
    period_id TEXT NOT NULL REFERENCES periods (id),
    kind TEXT NOT NULL,
    no INTEGER NOT NULL,
    state TEXT NOT NULL,
    previous_run_id TEXT REFERENCES runs (id),
    last_batch INTEGER NOT NULL,
    roster_as_of TEXT NOT NULL,
    engine TEXT NOT NULL,
    fixed TEXT NOT NULL,
    input_sha256 TEXT,
    result_sha256 TEXT,
    participants INTEGER NOT NULL DEFAULT 0,
    complete INTEGER NOT NULL DEFAULT 0,
    summary TEXT NOT NULL DEFAULT '{}',
    reason TEXT,
    job_id TEXT,
    created_by TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    UNIQUE (period_id, no),
    CHECK (complete IN (0, 1))
) STRICT;

CREATE TABLE run_participants (
    run_id TEXT NOT NULL REFERENCES runs (id),
    participant_id TEXT NOT NULL REFERENCES participants (id),
    plan_version_id TEXT NOT NULL REFERENCES plan_versions (id),
    unit_id TEXT REFERENCES units (id),
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    input TEXT NOT NULL,
    input_sha256 TEXT NOT NULL,
    result TEXT NOT NULL,
    result_sha256 TEXT NOT NULL,
    earned INTEGER NOT NULL,
    payment INTEGER NOT NULL,
    currency TEXT NOT NULL,
    PRIMARY KEY (run_id, participant_id, plan_version_id)
) STRICT;
CREATE INDEX run_participants_participant ON run_participants (participant_id);

-- Credit is an amount times a share and has up to twelve decimals: exact text, not millionths.
CREATE TABLE run_credits (
    run_id TEXT NOT NULL REFERENCES runs (id),
    participant_id TEXT NOT NULL REFERENCES participants (id),
    category_code TEXT NOT NULL,
    kind TEXT NOT NULL,
    amount TEXT NOT NULL,
    quantity TEXT NOT NULL,
    margin TEXT NOT NULL,
    lines INTEGER NOT NULL,
    PRIMARY KEY (run_id, participant_id, category_code, kind)
) STRICT;
CREATE TABLE run_findings (
    run_id TEXT NOT NULL REFERENCES runs (id),
    no INTEGER NOT NULL,
    severity TEXT NOT NULL,
    code TEXT NOT NULL,
    path TEXT NOT NULL,
    message TEXT NOT NULL,
    help TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (run_id, no)
) STRICT;

-- What a participant carries out of a published run into the next one.
CREATE TABLE balances (
    run_id TEXT NOT NULL REFERENCES runs (id),
    participant_id TEXT NOT NULL REFERENCES participants (id),
    plan_id TEXT NOT NULL REFERENCES plans (id),
    document TEXT NOT NULL,
    PRIMARY KEY (run_id, participant_id, plan_id)
) STRICT;
CREATE INDEX balances_participant ON balances (participant_id);

CREATE TABLE statements (
    id TEXT NOT NULL PRIMARY KEY,
    run_id TEXT NOT NULL REFERENCES runs (id),
    participant_id TEXT NOT NULL REFERENCES participants (id),
    plan_version_id TEXT NOT NULL REFERENCES plan_versions (id),
    period_id TEXT NOT NULL REFERENCES periods (id),
    document TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    earned INTEGER NOT NULL,
    payment INTEGER NOT NULL,
    currency TEXT NOT NULL,
    replaces_id TEXT REFERENCES statements (id),
    issued_at TEXT NOT NULL,
    UNIQUE (run_id, participant_id, plan_version_id)
) STRICT;
CREATE INDEX statements_participant ON statements (participant_id, period_id);
CREATE INDEX statements_period ON statements (period_id);
