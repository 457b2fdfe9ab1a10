-- States of workflows have no CHECK here: the workflow tables of the domain are their one home.
-- `series_id` is the goal through its versions, `no` the version; one accepted version is in force.
CREATE TABLE goals (
    id TEXT NOT NULL PRIMARY KEY,
    series_id TEXT NOT NULL,
    no INTEGER NOT NULL,
    period_id TEXT NOT NULL REFERENCES periods (id),
    category_id TEXT NOT NULL REFERENCES categories (id),
    territory_id TEXT REFERENCES territories (id),
    participant_id TEXT REFERENCES participants (id),
    measure TEXT NOT NULL DEFAULT 'sales.amount',
    value INTEGER NOT NULL,
    state TEXT NOT NULL,
    comment TEXT,
    batch_id TEXT REFERENCES import_batches (id),
    created_by TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    UNIQUE (series_id, no),
    CHECK (value >= 0),
    CHECK (territory_id IS NOT NULL OR participant_id IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX goals_in_force ON goals
    (period_id, category_id, measure, COALESCE(territory_id, ''), COALESCE(participant_id, ''))
    WHERE state = 'accepted';
CREATE INDEX goals_period ON goals (period_id, state);
CREATE INDEX goals_participant ON goals (participant_id);

CREATE TABLE plans (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    unit_id TEXT REFERENCES units (id),
    created_by TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;
-- `document` is the plan exactly as it was given; `sha256` is of its bytes.
CREATE TABLE plan_versions (
    id TEXT NOT NULL PRIMARY KEY,
    plan_id TEXT NOT NULL REFERENCES plans (id),
    no INTEGER NOT NULL,
    state TEXT NOT NULL,
    document TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    created_by TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    published_at TEXT,
    version INTEGER NOT NULL DEFAULT 1,
    UNIQUE (plan_id, no)
) STRICT;

-- Every decision on anything, once per step of a round.
CREATE TABLE approvals (
    id TEXT NOT NULL PRIMARY KEY,
    object_type TEXT NOT NULL,
    object_id TEXT NOT NULL,
    round INTEGER NOT NULL,
    step TEXT NOT NULL,
    decision TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    on_behalf_of TEXT,
    comment TEXT,
    content_sha256 TEXT,
    decided_at TEXT NOT NULL,
    UNIQUE (object_type, object_id, round, step)
) STRICT;

CREATE TABLE plan_assignments (
    id TEXT NOT NULL PRIMARY KEY,
    plan_version_id TEXT NOT NULL REFERENCES plan_versions (id),
    participant_id TEXT NOT NULL REFERENCES participants (id),
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    state TEXT NOT NULL,
    comment TEXT,
    created_by TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    UNIQUE (participant_id, plan_version_id, valid_from),
    CHECK (valid_to IS NULL OR valid_to > valid_from)
) STRICT;
CREATE INDEX plan_assignments_plan ON plan_assignments (plan_version_id);

-- A signature: who, when, what it means, and the hash of the exact document that was signed.
CREATE TABLE acceptances (
    id TEXT NOT NULL PRIMARY KEY,
    assignment_id TEXT NOT NULL REFERENCES plan_assignments (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    signed_name TEXT NOT NULL,
    meaning TEXT NOT NULL,
    document_sha256 TEXT NOT NULL,
    signed_at TEXT NOT NULL
) STRICT;
CREATE INDEX acceptances_assignment ON acceptances (assignment_id);
