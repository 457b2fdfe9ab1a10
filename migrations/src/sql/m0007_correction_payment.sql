CREATE TABLE disputes (
    id TEXT NOT NULL PRIMARY KEY,
    statement_id TEXT NOT NULL REFERENCES statements (id),
    participant_id TEXT NOT NULL REFERENCES participants (id),
    place TEXT NOT NULL,
    subject TEXT NOT NULL,
    state TEXT NOT NULL,
    assigned_to TEXT REFERENCES users (id),
    opened_by TEXT NOT NULL,
    due_at TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX disputes_participant ON disputes (participant_id);
CREATE TABLE dispute_messages (
    id TEXT NOT NULL PRIMARY KEY,
    dispute_id TEXT NOT NULL REFERENCES disputes (id),
    author_id TEXT NOT NULL,
    text TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX dispute_messages_dispute ON dispute_messages (dispute_id, created_at);

CREATE TABLE adjustments (
    id TEXT NOT NULL PRIMARY KEY,
    period_id TEXT NOT NULL REFERENCES periods (id),
    participant_id TEXT NOT NULL REFERENCES participants (id),
    plan_id TEXT REFERENCES plans (id),
    component TEXT,
    amount INTEGER NOT NULL,
    currency TEXT NOT NULL,
    reason TEXT NOT NULL,
    evidence TEXT,
    state TEXT NOT NULL,
    dispute_id TEXT REFERENCES disputes (id),
    requested_by TEXT NOT NULL,
    decided_by TEXT,
    decided_at TEXT,
    decision_comment TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    CHECK (decided_by IS NULL OR decided_by <> requested_by)
) STRICT;
CREATE INDEX adjustments_period ON adjustments (period_id, participant_id);

CREATE TABLE payment_batches (
    id TEXT NOT NULL PRIMARY KEY,
    period_id TEXT NOT NULL REFERENCES periods (id),
    no INTEGER NOT NULL,
    state TEXT NOT NULL,
    currency TEXT NOT NULL,
    total INTEGER NOT NULL,
    items INTEGER NOT NULL,
    file_sha256 TEXT,
    created_by TEXT NOT NULL,
    approved_by TEXT,
    approved_at TEXT,
    exported_at TEXT,
    confirmed_at TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    UNIQUE (period_id, no),
    CHECK (approved_by IS NULL OR approved_by <> created_by)
) STRICT;
-- A statement is paid once: the key says so.
CREATE TABLE payment_items (
    statement_id TEXT NOT NULL PRIMARY KEY REFERENCES statements (id),
    batch_id TEXT NOT NULL REFERENCES payment_batches (id),
    participant_id TEXT NOT NULL REFERENCES participants (id),
    amount INTEGER NOT NULL,
    currency TEXT NOT NULL,
    cost_center TEXT
) STRICT;
CREATE INDEX payment_items_batch ON payment_items (batch_id, participant_id);
