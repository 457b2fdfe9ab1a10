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
    earned INTEGER NOT NULL DEFAULT 0,
    payment INTEGER NOT NULL DEFAULT 0,
    currency TEXT,
    summary TEXT NOT NULL DEFAULT '{}',
    reason TEXT,
    job_id TEXT,
    created_by TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    UNIQUE (period_id, no)
) STRICT;

CREATE TABLE run_participants (
    run_id TEXT NOT NULL REFERENCES runs (id),
    participant_id TEXT NOT NULL REFERENCES participants (id),
    plan_version_id TEXT NOT NULL REFERENCES plan_versions (id),
    unit_id TEXT REFERENCES units (id),
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

-- credited + excluded + uncredited = total, exactly, per measure.
CREATE TABLE run_balances (
    run_id TEXT NOT NULL REFERENCES runs (id),
    measure TEXT NOT NULL,
    total INTEGER NOT NULL,
    credited INTEGER NOT NULL,
    excluded INTEGER NOT NULL,
    uncredited INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    PRIMARY KEY (run_id, measure),
    CHECK (total = credited + excluded + uncredited)
) STRICT;
CREATE TABLE run_credits (
    run_id TEXT NOT NULL REFERENCES runs (id),
    participant_id TEXT NOT NULL REFERENCES participants (id),
    category_id TEXT NOT NULL REFERENCES categories (id),
    credit TEXT NOT NULL,
    amount INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    margin INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    PRIMARY KEY (run_id, participant_id, category_id, credit)
) STRICT;
CREATE TABLE run_exclusions (
    run_id TEXT NOT NULL REFERENCES runs (id),
    no INTEGER NOT NULL,
    line_id INTEGER,
    rule TEXT NOT NULL,
    reason TEXT NOT NULL,
    amount INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    PRIMARY KEY (run_id, no)
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
    draw INTEGER NOT NULL,
    holdback INTEGER NOT NULL,
    carried INTEGER NOT NULL,
    earned_to_date INTEGER NOT NULL,
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
