CREATE INDEX acceptances_assignment ON acceptances (assignment_id);

CREATE INDEX adjustments_period ON adjustments (period_id, participant_id);

CREATE INDEX audit_events_actor ON audit_events (actor_id, seq);

CREATE INDEX audit_events_object ON audit_events (object_type, object_id, seq);

CREATE INDEX balances_participant ON balances (participant_id);

CREATE INDEX delegations_to ON delegations (to_user_id);

CREATE INDEX dispute_messages_dispute ON dispute_messages (dispute_id, created_at);

CREATE INDEX disputes_participant ON disputes (participant_id);

CREATE UNIQUE INDEX goals_in_force ON goals
    (period_id, category_id, measure, COALESCE(territory_id, ''), COALESCE(participant_id, ''))
    WHERE state = 'accepted';

CREATE INDEX goals_participant ON goals (participant_id);

CREATE INDEX goals_period ON goals (period_id, state);

CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);

CREATE INDEX import_batches_created ON import_batches (created_at);

CREATE UNIQUE INDEX import_batches_once ON import_batches (kind, source_code, file_sha256)
    WHERE kind = 'sales' AND state = 'published';

CREATE UNIQUE INDEX jobs_single ON jobs (single_key)
    WHERE single_key IS NOT NULL AND state IN ('queued', 'running');

CREATE INDEX jobs_waiting ON jobs (priority, run_after, id) WHERE state IN ('queued', 'running');

CREATE INDEX kpi_values_period ON kpi_values (period_id);

CREATE INDEX outbox_due ON outbox (seq) WHERE delivered_at IS NULL;

CREATE INDEX participant_versions_manager ON participant_versions (manager_id);

CREATE INDEX participant_versions_unit ON participant_versions (unit_id);

CREATE INDEX payment_items_batch ON payment_items (batch_id, participant_id);

CREATE INDEX periods_days ON periods (first_day, last_day);

CREATE INDEX plan_assignments_plan ON plan_assignments (plan_version_id);

CREATE INDEX product_versions_category ON product_versions (category_id);

CREATE UNIQUE INDEX role_grants_live ON role_grants (user_id, role, COALESCE(unit_id, '')) WHERE revoked_at IS NULL;

CREATE INDEX run_participants_participant ON run_participants (participant_id);

CREATE INDEX sales_lines_external ON sales_lines (external_id) WHERE external_id IS NOT NULL;

CREATE INDEX service_client_secrets_client ON service_client_secrets (client_id);

CREATE INDEX sessions_user ON sessions (user_id);

CREATE INDEX statements_participant ON statements (participant_id, period_id);

CREATE INDEX statements_period ON statements (period_id);

CREATE INDEX territory_assignments_territory ON territory_assignments (territory_id, valid_from);

CREATE INDEX territory_versions_parent ON territory_versions (parent_id);

CREATE INDEX units_parent ON units (parent_id);

CREATE UNIQUE INDEX users_email ON users (email_key) WHERE state <> 'disabled';

CREATE INDEX users_participant ON users (participant_id);

CREATE TABLE absences (
    id TEXT NOT NULL PRIMARY KEY,
    participant_id TEXT NOT NULL REFERENCES participants (id),
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    kind TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (participant_id, first_day, kind),
    CHECK (last_day >= first_day)
) STRICT;

CREATE TABLE acceptances (
    id TEXT NOT NULL PRIMARY KEY,
    assignment_id TEXT NOT NULL REFERENCES plan_assignments (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    signed_name TEXT NOT NULL,
    meaning TEXT NOT NULL,
    document_sha256 TEXT NOT NULL,
    signed_at TEXT NOT NULL
) STRICT;

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

CREATE TABLE audit_events (
    seq INTEGER NOT NULL PRIMARY KEY,
    at TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    on_behalf_of TEXT,
    action TEXT NOT NULL,
    object_type TEXT NOT NULL,
    object_id TEXT NOT NULL,
    before TEXT,
    after TEXT,
    reason TEXT,
    request_id TEXT,
    session_id TEXT,
    prev TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE audit_head (
    one INTEGER NOT NULL PRIMARY KEY,
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL,
    CHECK (one = 1)
) STRICT;

CREATE TABLE balances (
    run_id TEXT NOT NULL REFERENCES runs (id),
    participant_id TEXT NOT NULL REFERENCES participants (id),
    plan_id TEXT NOT NULL REFERENCES plans (id),
    document TEXT NOT NULL,
    PRIMARY KEY (run_id, participant_id, plan_id)
) STRICT;

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

CREATE TABLE channels (
    num INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE customers (
    num INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE delegations (
    id TEXT NOT NULL PRIMARY KEY,
    from_user_id TEXT NOT NULL REFERENCES users (id),
    to_user_id TEXT NOT NULL REFERENCES users (id),
    valid_from TEXT NOT NULL,
    valid_to TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at TEXT NOT NULL,
    revoked_at TEXT,
    CHECK (from_user_id <> to_user_id),
    CHECK (valid_to > valid_from)
) STRICT;

CREATE TABLE dispute_messages (
    id TEXT NOT NULL PRIMARY KEY,
    dispute_id TEXT NOT NULL REFERENCES disputes (id),
    author_id TEXT NOT NULL,
    text TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;

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

CREATE TABLE file_chunks (
    file_id TEXT NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    no INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (file_id, no)
) STRICT;

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

CREATE TABLE foreign_results (
    period_id TEXT NOT NULL REFERENCES periods (id),
    participant_id TEXT NOT NULL REFERENCES participants (id),
    component TEXT NOT NULL DEFAULT '',
    value INTEGER NOT NULL,
    batch_id TEXT REFERENCES import_batches (id),
    updated_at TEXT NOT NULL,
    PRIMARY KEY (period_id, participant_id, component)
) STRICT;

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

CREATE TABLE holidays (
    calendar TEXT NOT NULL,
    day TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (calendar, day)
) STRICT;

CREATE TABLE idempotency_keys (
    actor TEXT NOT NULL,
    route TEXT NOT NULL,
    name TEXT NOT NULL,
    body_sha256 TEXT NOT NULL,
    status INTEGER,
    headers TEXT,
    answer TEXT,
    created_at TEXT NOT NULL,
    PRIMARY KEY (actor, route, name)
) STRICT;

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

CREATE TABLE import_rejects (
    batch_id TEXT NOT NULL REFERENCES import_batches (id),
    row_no INTEGER NOT NULL,
    raw TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (batch_id, row_no)
) STRICT;

CREATE TABLE jobs (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL,
    priority INTEGER NOT NULL DEFAULT 0,
    single_key TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    max_attempts INTEGER NOT NULL,
    run_after TEXT NOT NULL,
    lease_owner TEXT,
    lease_until TEXT,
    progress_done INTEGER NOT NULL DEFAULT 0,
    progress_total INTEGER,
    progress_note TEXT NOT NULL DEFAULT '',
    cancel_requested INTEGER NOT NULL DEFAULT 0,
    result TEXT,
    error TEXT,
    created_by TEXT,
    created_at TEXT NOT NULL,
    started_at TEXT,
    finished_at TEXT,
    updated_at TEXT NOT NULL,
    CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    CHECK (cancel_requested IN (0, 1))
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

CREATE TABLE login_throttles (
    subject TEXT NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    first_failure_at TEXT NOT NULL,
    last_failure_at TEXT NOT NULL,
    blocked_until TEXT
) STRICT;

CREATE TABLE one_time_links (
    id TEXT NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id),
    token_hash TEXT NOT NULL UNIQUE,
    created_by TEXT,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_at TEXT,
    CHECK (purpose IN ('activate', 'reset'))
) STRICT;

CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    topic TEXT NOT NULL,
    object_type TEXT NOT NULL,
    object_id TEXT NOT NULL,
    payload TEXT NOT NULL,
    created_at TEXT NOT NULL,
    delivered_at TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_attempt_at TEXT NOT NULL,
    last_error TEXT
) STRICT;

CREATE TABLE participant_versions (
    participant_id TEXT NOT NULL REFERENCES participants (id),
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    position TEXT NOT NULL,
    level TEXT,
    manager_id TEXT REFERENCES participants (id),
    unit_id TEXT NOT NULL REFERENCES units (id),
    fte INTEGER NOT NULL DEFAULT 1000000,
    target_incentive INTEGER,
    currency TEXT NOT NULL,
    cost_center TEXT,
    PRIMARY KEY (participant_id, valid_from),
    CHECK (valid_to IS NULL OR valid_to > valid_from),
    CHECK (manager_id IS NULL OR manager_id <> participant_id),
    CHECK (fte >= 0 AND fte <= 1000000)
) STRICT;

CREATE TABLE participants (
    num INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    email TEXT,
    hire_date TEXT NOT NULL,
    leave_date TEXT,
    version INTEGER NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CHECK (leave_date IS NULL OR leave_date >= hire_date)
) STRICT;

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

CREATE TABLE payment_items (
    statement_id TEXT NOT NULL PRIMARY KEY REFERENCES statements (id),
    batch_id TEXT NOT NULL REFERENCES payment_batches (id),
    participant_id TEXT NOT NULL REFERENCES participants (id),
    amount INTEGER NOT NULL,
    currency TEXT NOT NULL,
    cost_center TEXT
) STRICT;

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

CREATE TABLE plans (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    unit_id TEXT REFERENCES units (id),
    created_by TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1
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

CREATE TABLE products (
    num INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;

CREATE TABLE role_grants (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    role TEXT NOT NULL,
    unit_id TEXT REFERENCES units (id),
    granted_by TEXT,
    granted_at TEXT NOT NULL,
    expires_at TEXT,
    revoked_by TEXT,
    revoked_at TEXT,
    reason TEXT
) STRICT;

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

CREATE TABLE sales_blocks (
    batch_num INTEGER NOT NULL,
    no INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    first_day INTEGER NOT NULL,
    last_day INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (batch_num, no)
) STRICT;

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

CREATE TABLE sales_supersessions (
    line_id INTEGER NOT NULL PRIMARY KEY,
    by_line_id INTEGER NOT NULL,
    published_no INTEGER NOT NULL
) STRICT;

CREATE TABLE "seaql_migrations" ( "version" varchar NOT NULL PRIMARY KEY, "applied_at" integer NOT NULL );

CREATE TABLE service_client_secrets (
    id TEXT NOT NULL PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES service_clients (id),
    secret_hash TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT,
    revoked_at TEXT
) STRICT;

CREATE TABLE service_clients (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    unit_id TEXT REFERENCES units (id),
    state TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    created_by TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CHECK (state IN ('active', 'disabled'))
) STRICT;

CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    token_hash TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    authenticated_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    address TEXT,
    user_agent TEXT,
    ended_at TEXT,
    ended_reason TEXT
) STRICT;

CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    updated_at TEXT NOT NULL
) STRICT;

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

CREATE TABLE units (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    parent_id TEXT REFERENCES units (id),
    kind TEXT NOT NULL DEFAULT 'unit',
    version INTEGER NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CHECK (parent_id <> id)
) STRICT;

CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    name TEXT NOT NULL,
    password_hash TEXT,
    state TEXT NOT NULL,
    participant_id TEXT REFERENCES participants (id),
    locale TEXT NOT NULL DEFAULT 'it',
    version INTEGER NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    password_changed_at TEXT,
    CHECK (state IN ('invited', 'active', 'disabled'))
) STRICT;

CREATE TRIGGER acceptances_delete_07 BEFORE DELETE ON acceptances BEGIN SELECT RAISE(ABORT, 'immutable: signatures are never deleted'); END;

CREATE TRIGGER acceptances_update_06 BEFORE UPDATE ON acceptances BEGIN SELECT RAISE(ABORT, 'immutable: signatures never change'); END;

CREATE TRIGGER adjustments_delete_29 BEFORE DELETE ON adjustments BEGIN SELECT RAISE(ABORT, 'immutable: adjustments are never deleted'); END;

CREATE TRIGGER adjustments_update_28 BEFORE UPDATE ON adjustments WHEN OLD.state IN ('approved', 'refused') BEGIN SELECT RAISE(ABORT, 'immutable: a decided adjustment never changes'); END;

CREATE TRIGGER approvals_delete_05 BEFORE DELETE ON approvals BEGIN SELECT RAISE(ABORT, 'immutable: approvals are never deleted'); END;

CREATE TRIGGER approvals_update_04 BEFORE UPDATE ON approvals BEGIN SELECT RAISE(ABORT, 'immutable: approvals never change'); END;

CREATE TRIGGER audit_events_delete_01 BEFORE DELETE ON audit_events BEGIN SELECT RAISE(ABORT, 'immutable: audit events are never deleted'); END;

CREATE TRIGGER audit_events_update_00 BEFORE UPDATE ON audit_events BEGIN SELECT RAISE(ABORT, 'immutable: audit events never change'); END;

CREATE TRIGGER audit_head_delete_02 BEFORE DELETE ON audit_head BEGIN SELECT RAISE(ABORT, 'immutable: the head of the audit chain is never deleted'); END;

CREATE TRIGGER audit_head_update_03 BEFORE UPDATE ON audit_head WHEN NEW.seq <= OLD.seq BEGIN SELECT RAISE(ABORT, 'immutable: the audit chain only grows'); END;

CREATE TRIGGER balances_delete_27 BEFORE DELETE ON balances BEGIN SELECT RAISE(ABORT, 'immutable: carried balances are never deleted'); END;

CREATE TRIGGER balances_update_26 BEFORE UPDATE ON balances BEGIN SELECT RAISE(ABORT, 'immutable: carried balances never change'); END;

CREATE TRIGGER dispute_messages_delete_11 BEFORE DELETE ON dispute_messages BEGIN SELECT RAISE(ABORT, 'immutable: messages of a dispute are never deleted'); END;

CREATE TRIGGER dispute_messages_update_10 BEFORE UPDATE ON dispute_messages BEGIN SELECT RAISE(ABORT, 'immutable: messages of a dispute never change'); END;

CREATE TRIGGER import_batches_delete_17 BEFORE DELETE ON import_batches WHEN OLD.state = 'published' BEGIN SELECT RAISE(ABORT, 'immutable: a published import batch is never deleted'); END;

CREATE TRIGGER import_batches_update_16 BEFORE UPDATE ON import_batches WHEN OLD.state = 'published' BEGIN SELECT RAISE(ABORT, 'immutable: a published import batch never changes'); END;

CREATE TRIGGER payment_batches_delete_31 BEFORE DELETE ON payment_batches WHEN OLD.state <> 'draft' BEGIN SELECT RAISE(ABORT, 'immutable: only a draft of a payment batch can be deleted'); END;

CREATE TRIGGER payment_batches_update_30 BEFORE UPDATE ON payment_batches WHEN OLD.state <> 'draft' AND (NEW.total <> OLD.total OR NEW.items <> OLD.items OR NEW.currency <> OLD.currency OR NEW.period_id <> OLD.period_id) BEGIN SELECT RAISE(ABORT, 'immutable: an approved payment batch never changes'); END;

CREATE TRIGGER payment_items_owned BEFORE DELETE ON payment_items WHEN EXISTS (SELECT 1 FROM payment_batches b WHERE b.id = OLD.batch_id AND b.state <> 'draft') BEGIN SELECT RAISE(ABORT, 'immutable: items of an approved payment batch are never deleted'); END;

CREATE TRIGGER payment_items_update_32 BEFORE UPDATE ON payment_items BEGIN SELECT RAISE(ABORT, 'immutable: payment items never change'); END;

CREATE TRIGGER plan_versions_delete_20 BEFORE DELETE ON plan_versions WHEN OLD.state <> 'draft' BEGIN SELECT RAISE(ABORT, 'immutable: only a draft of a plan can be deleted'); END;

CREATE TRIGGER plan_versions_update_18 BEFORE UPDATE ON plan_versions WHEN OLD.state IN ('submitted', 'approved', 'published', 'retired') AND (NEW.document <> OLD.document OR NEW.sha256 <> OLD.sha256 OR NEW.no <> OLD.no OR NEW.plan_id <> OLD.plan_id) BEGIN SELECT RAISE(ABORT, 'immutable: the document of a plan version never changes once submitted'); END;

CREATE TRIGGER plan_versions_update_19 BEFORE UPDATE ON plan_versions WHEN OLD.state IN ('published', 'retired') AND NEW.state NOT IN ('published', 'retired') BEGIN SELECT RAISE(ABORT, 'immutable: a published plan version can only be retired'); END;

CREATE TRIGGER role_grants_delete_34 BEFORE DELETE ON role_grants BEGIN SELECT RAISE(ABORT, 'immutable: grants are never deleted'); END;

CREATE TRIGGER role_grants_update_33 BEFORE UPDATE ON role_grants WHEN OLD.revoked_at IS NOT NULL OR NEW.role <> OLD.role OR NEW.user_id <> OLD.user_id BEGIN SELECT RAISE(ABORT, 'immutable: a grant can only be revoked'); END;

CREATE TRIGGER run_credits_owned BEFORE DELETE ON run_credits WHEN EXISTS (SELECT 1 FROM runs r WHERE r.id = OLD.run_id AND r.state NOT IN ('previewed', 'discarded')) BEGIN SELECT RAISE(ABORT, 'immutable: credits of a submitted run are never deleted'); END;

CREATE TRIGGER run_credits_update_25 BEFORE UPDATE ON run_credits BEGIN SELECT RAISE(ABORT, 'immutable: credits of a run never change'); END;

CREATE TRIGGER run_participants_owned BEFORE DELETE ON run_participants WHEN EXISTS (SELECT 1 FROM runs r WHERE r.id = OLD.run_id AND r.state NOT IN ('previewed', 'discarded')) BEGIN SELECT RAISE(ABORT, 'immutable: results of a submitted run are never deleted'); END;

CREATE TRIGGER run_participants_update_24 BEFORE UPDATE ON run_participants BEGIN SELECT RAISE(ABORT, 'immutable: results of a run never change'); END;

CREATE TRIGGER runs_delete_23 BEFORE DELETE ON runs WHEN OLD.state NOT IN ('previewed', 'discarded') BEGIN SELECT RAISE(ABORT, 'immutable: only a preview can be deleted'); END;

CREATE TRIGGER runs_update_21 BEFORE UPDATE ON runs WHEN OLD.state IN ('published', 'closed') AND (NEW.state NOT IN ('published', 'closed') OR NEW.last_batch <> OLD.last_batch OR NEW.fixed <> OLD.fixed OR NEW.input_sha256 <> OLD.input_sha256 OR NEW.result_sha256 <> OLD.result_sha256 OR NEW.summary <> OLD.summary OR NEW.period_id <> OLD.period_id) BEGIN SELECT RAISE(ABORT, 'immutable: a published run never changes'); END;

CREATE TRIGGER runs_update_22 BEFORE UPDATE ON runs WHEN OLD.state = 'closed' BEGIN SELECT RAISE(ABORT, 'immutable: a closed run never changes'); END;

CREATE TRIGGER sales_blocks_owned BEFORE DELETE ON sales_blocks WHEN EXISTS (SELECT 1 FROM import_batches b WHERE b.num = OLD.batch_num AND b.state = 'published') BEGIN SELECT RAISE(ABORT, 'immutable: published sales lines are never deleted'); END;

CREATE TRIGGER sales_blocks_update_13 BEFORE UPDATE ON sales_blocks BEGIN SELECT RAISE(ABORT, 'immutable: sales lines never change: a correction is a new line'); END;

CREATE TRIGGER sales_lines_owned BEFORE DELETE ON sales_lines WHEN EXISTS (SELECT 1 FROM import_batches b WHERE b.num = OLD.id / 268435456 AND b.state = 'published') BEGIN SELECT RAISE(ABORT, 'immutable: published sales lines are never deleted'); END;

CREATE TRIGGER sales_lines_update_12 BEFORE UPDATE ON sales_lines BEGIN SELECT RAISE(ABORT, 'immutable: sales lines never change: a correction is a new line'); END;

CREATE TRIGGER sales_supersessions_delete_15 BEFORE DELETE ON sales_supersessions BEGIN SELECT RAISE(ABORT, 'immutable: supersessions are never deleted'); END;

CREATE TRIGGER sales_supersessions_update_14 BEFORE UPDATE ON sales_supersessions BEGIN SELECT RAISE(ABORT, 'immutable: supersessions never change'); END;

CREATE TRIGGER statements_delete_09 BEFORE DELETE ON statements BEGIN SELECT RAISE(ABORT, 'immutable: issued statements are never deleted'); END;

CREATE TRIGGER statements_update_08 BEFORE UPDATE ON statements BEGIN SELECT RAISE(ABORT, 'immutable: issued statements never change'); END;

CREATE TRIGGER users_delete_35 BEFORE DELETE ON users BEGIN SELECT RAISE(ABORT, 'immutable: users are disabled, never deleted'); END;

