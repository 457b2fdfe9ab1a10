CREATE FUNCTION public.payment_items_owned() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN IF EXISTS (SELECT 1 FROM payment_batches b WHERE b.id = OLD.batch_id AND b.state <> 'draft') THEN RAISE EXCEPTION 'immutable: items of an approved payment batch are never deleted' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $$;
CREATE FUNCTION public.refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN RAISE EXCEPTION 'immutable: %', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE FUNCTION public.run_credits_owned() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN IF EXISTS (SELECT 1 FROM runs r WHERE r.id = OLD.run_id AND r.state NOT IN ('previewed', 'discarded')) THEN RAISE EXCEPTION 'immutable: credits of a submitted run are never deleted' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $$;
CREATE FUNCTION public.run_participants_owned() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN IF EXISTS (SELECT 1 FROM runs r WHERE r.id = OLD.run_id AND r.state NOT IN ('previewed', 'discarded')) THEN RAISE EXCEPTION 'immutable: results of a submitted run are never deleted' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $$;
CREATE FUNCTION public.sales_blocks_owned() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN IF EXISTS (SELECT 1 FROM import_batches b WHERE b.num = OLD.batch_num AND b.state = 'published') THEN RAISE EXCEPTION 'immutable: published sales lines are never deleted' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $$;
CREATE FUNCTION public.sales_lines_owned() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN IF EXISTS (SELECT 1 FROM import_batches b WHERE b.num = OLD.id / 268435456 AND b.state = 'published') THEN RAISE EXCEPTION 'immutable: published sales lines are never deleted' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $$;
CREATE TABLE public.absences (
    id text NOT NULL COLLATE pg_catalog."C",
    participant_id text NOT NULL COLLATE pg_catalog."C",
    first_day text NOT NULL COLLATE pg_catalog."C",
    last_day text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    version bigint DEFAULT 1 NOT NULL,
    created_at text NOT NULL COLLATE pg_catalog."C",
    updated_at text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT absences_check CHECK ((last_day >= first_day))
);
CREATE TABLE public.acceptances (
    id text NOT NULL COLLATE pg_catalog."C",
    assignment_id text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    signed_name text NOT NULL COLLATE pg_catalog."C",
    meaning text NOT NULL COLLATE pg_catalog."C",
    document_sha256 text NOT NULL COLLATE pg_catalog."C",
    signed_at text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.adjustments (
    id text NOT NULL COLLATE pg_catalog."C",
    period_id text NOT NULL COLLATE pg_catalog."C",
    participant_id text NOT NULL COLLATE pg_catalog."C",
    plan_id text COLLATE pg_catalog."C",
    component text COLLATE pg_catalog."C",
    amount bigint NOT NULL,
    currency text NOT NULL COLLATE pg_catalog."C",
    reason text NOT NULL COLLATE pg_catalog."C",
    evidence text COLLATE pg_catalog."C",
    state text NOT NULL COLLATE pg_catalog."C",
    dispute_id text COLLATE pg_catalog."C",
    requested_by text NOT NULL COLLATE pg_catalog."C",
    decided_by text COLLATE pg_catalog."C",
    decided_at text COLLATE pg_catalog."C",
    decision_comment text COLLATE pg_catalog."C",
    created_at text NOT NULL COLLATE pg_catalog."C",
    updated_at text NOT NULL COLLATE pg_catalog."C",
    version bigint DEFAULT 1 NOT NULL,
    CONSTRAINT adjustments_check CHECK (((decided_by IS NULL) OR (decided_by <> requested_by)))
);
CREATE TABLE public.approvals (
    id text NOT NULL COLLATE pg_catalog."C",
    object_type text NOT NULL COLLATE pg_catalog."C",
    object_id text NOT NULL COLLATE pg_catalog."C",
    round bigint NOT NULL,
    step text NOT NULL COLLATE pg_catalog."C",
    decision text NOT NULL COLLATE pg_catalog."C",
    actor_id text NOT NULL COLLATE pg_catalog."C",
    on_behalf_of text COLLATE pg_catalog."C",
    comment text COLLATE pg_catalog."C",
    content_sha256 text COLLATE pg_catalog."C",
    decided_at text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.audit_events (
    seq bigint NOT NULL,
    at text NOT NULL COLLATE pg_catalog."C",
    actor_kind text NOT NULL COLLATE pg_catalog."C",
    actor_id text NOT NULL COLLATE pg_catalog."C",
    actor_name text NOT NULL COLLATE pg_catalog."C",
    on_behalf_of text COLLATE pg_catalog."C",
    action text NOT NULL COLLATE pg_catalog."C",
    object_type text NOT NULL COLLATE pg_catalog."C",
    object_id text NOT NULL COLLATE pg_catalog."C",
    before text COLLATE pg_catalog."C",
    after text COLLATE pg_catalog."C",
    reason text COLLATE pg_catalog."C",
    request_id text COLLATE pg_catalog."C",
    session_id text COLLATE pg_catalog."C",
    prev text NOT NULL COLLATE pg_catalog."C",
    hash text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.audit_head (
    one bigint NOT NULL,
    seq bigint NOT NULL,
    hash text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT audit_head_one_check CHECK ((one = 1))
);
CREATE TABLE public.balances (
    run_id text NOT NULL COLLATE pg_catalog."C",
    participant_id text NOT NULL COLLATE pg_catalog."C",
    plan_id text NOT NULL COLLATE pg_catalog."C",
    document text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.categories (
    num bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    code text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    parent_id text COLLATE pg_catalog."C",
    unit_id text COLLATE pg_catalog."C",
    version bigint DEFAULT 1 NOT NULL,
    created_at text NOT NULL COLLATE pg_catalog."C",
    updated_at text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT categories_check CHECK ((parent_id <> id))
);
ALTER TABLE public.categories ALTER COLUMN num ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.categories_num_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.channels (
    num bigint NOT NULL,
    code text NOT NULL COLLATE pg_catalog."C"
);
ALTER TABLE public.channels ALTER COLUMN num ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.channels_num_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.customers (
    num bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C"
);
ALTER TABLE public.customers ALTER COLUMN num ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_num_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.delegations (
    id text NOT NULL COLLATE pg_catalog."C",
    from_user_id text NOT NULL COLLATE pg_catalog."C",
    to_user_id text NOT NULL COLLATE pg_catalog."C",
    valid_from text NOT NULL COLLATE pg_catalog."C",
    valid_to text NOT NULL COLLATE pg_catalog."C",
    reason text NOT NULL COLLATE pg_catalog."C",
    created_by text NOT NULL COLLATE pg_catalog."C",
    created_at text NOT NULL COLLATE pg_catalog."C",
    revoked_at text COLLATE pg_catalog."C",
    CONSTRAINT delegations_check CHECK ((from_user_id <> to_user_id)),
    CONSTRAINT delegations_check1 CHECK ((valid_to > valid_from))
);
CREATE TABLE public.dispute_messages (
    id text NOT NULL COLLATE pg_catalog."C",
    dispute_id text NOT NULL COLLATE pg_catalog."C",
    author_id text NOT NULL COLLATE pg_catalog."C",
    text text NOT NULL COLLATE pg_catalog."C",
    created_at text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.disputes (
    id text NOT NULL COLLATE pg_catalog."C",
    statement_id text NOT NULL COLLATE pg_catalog."C",
    participant_id text NOT NULL COLLATE pg_catalog."C",
    place text NOT NULL COLLATE pg_catalog."C",
    subject text NOT NULL COLLATE pg_catalog."C",
    state text NOT NULL COLLATE pg_catalog."C",
    assigned_to text COLLATE pg_catalog."C",
    opened_by text NOT NULL COLLATE pg_catalog."C",
    due_at text COLLATE pg_catalog."C",
    created_at text NOT NULL COLLATE pg_catalog."C",
    updated_at text NOT NULL COLLATE pg_catalog."C",
    version bigint DEFAULT 1 NOT NULL
);
CREATE TABLE public.file_chunks (
    file_id text NOT NULL COLLATE pg_catalog."C",
    no bigint NOT NULL,
    data bytea NOT NULL
);
CREATE TABLE public.files (
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    media_type text NOT NULL COLLATE pg_catalog."C",
    purpose text NOT NULL COLLATE pg_catalog."C",
    bytes bigint NOT NULL,
    sha256 text COLLATE pg_catalog."C",
    created_by text COLLATE pg_catalog."C",
    created_at text NOT NULL COLLATE pg_catalog."C",
    expires_at text COLLATE pg_catalog."C"
);
CREATE TABLE public.foreign_results (
    period_id text NOT NULL COLLATE pg_catalog."C",
    participant_id text NOT NULL COLLATE pg_catalog."C",
    component text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    value bigint NOT NULL,
    batch_id text COLLATE pg_catalog."C",
    updated_at text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.goals (
    id text NOT NULL COLLATE pg_catalog."C",
    series_id text NOT NULL COLLATE pg_catalog."C",
    no bigint NOT NULL,
    period_id text NOT NULL COLLATE pg_catalog."C",
    category_id text NOT NULL COLLATE pg_catalog."C",
    territory_id text COLLATE pg_catalog."C",
    participant_id text COLLATE pg_catalog."C",
    measure text DEFAULT 'sales.amount'::text NOT NULL COLLATE pg_catalog."C",
    value bigint NOT NULL,
    state text NOT NULL COLLATE pg_catalog."C",
    comment text COLLATE pg_catalog."C",
    batch_id text COLLATE pg_catalog."C",
    created_by text COLLATE pg_catalog."C",
    created_at text NOT NULL COLLATE pg_catalog."C",
    updated_at text NOT NULL COLLATE pg_catalog."C",
    version bigint DEFAULT 1 NOT NULL,
    CONSTRAINT goals_check CHECK (((territory_id IS NOT NULL) OR (participant_id IS NOT NULL))),
    CONSTRAINT goals_value_check CHECK ((value >= 0))
);
CREATE TABLE public.holidays (
    calendar text NOT NULL COLLATE pg_catalog."C",
    day text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.idempotency_keys (
    actor text NOT NULL COLLATE pg_catalog."C",
    route text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    body_sha256 text NOT NULL COLLATE pg_catalog."C",
    status bigint,
    headers text COLLATE pg_catalog."C",
    answer text COLLATE pg_catalog."C",
    created_at text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.import_batches (
    num bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    source_code text NOT NULL COLLATE pg_catalog."C",
    file_name text NOT NULL COLLATE pg_catalog."C",
    file_id text COLLATE pg_catalog."C",
    file_sha256 text NOT NULL COLLATE pg_catalog."C",
    file_bytes bigint NOT NULL,
    mapping text NOT NULL COLLATE pg_catalog."C",
    options text NOT NULL COLLATE pg_catalog."C",
    state text NOT NULL COLLATE pg_catalog."C",
    rows_in bigint DEFAULT 0 NOT NULL,
    accepted bigint DEFAULT 0 NOT NULL,
    rejected bigint DEFAULT 0 NOT NULL,
    duplicates bigint DEFAULT 0 NOT NULL,
    totals text COLLATE pg_catalog."C",
    first_day bigint,
    last_day bigint,
    currencies text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    published_no bigint,
    job_id text COLLATE pg_catalog."C",
    created_by text COLLATE pg_catalog."C",
    created_at text NOT NULL COLLATE pg_catalog."C",
    finished_at text COLLATE pg_catalog."C",
    version bigint DEFAULT 1 NOT NULL,
    CONSTRAINT import_batches_check CHECK (((state <> 'published'::text) OR (rows_in = ((accepted + rejected) + duplicates)))),
    CONSTRAINT import_batches_state_check CHECK ((state = ANY (ARRAY['staging'::text, 'published'::text, 'refused'::text, 'cancelled'::text, 'dry_run'::text])))
);
ALTER TABLE public.import_batches ALTER COLUMN num ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.import_batches_num_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.import_findings (
    batch_id text NOT NULL COLLATE pg_catalog."C",
    no bigint NOT NULL,
    row_no bigint,
    column_name text COLLATE pg_catalog."C",
    severity text NOT NULL COLLATE pg_catalog."C",
    code text NOT NULL COLLATE pg_catalog."C",
    message text NOT NULL COLLATE pg_catalog."C",
    help text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT import_findings_severity_check CHECK ((severity = ANY (ARRAY['warning'::text, 'error'::text])))
);
CREATE TABLE public.import_mappings (
    id text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    source_code text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    document text NOT NULL COLLATE pg_catalog."C",
    version bigint DEFAULT 1 NOT NULL,
    created_by text COLLATE pg_catalog."C",
    created_at text NOT NULL COLLATE pg_catalog."C",
    updated_at text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.import_rejects (
    batch_id text NOT NULL COLLATE pg_catalog."C",
    row_no bigint NOT NULL,
    raw text NOT NULL COLLATE pg_catalog."C",
    reason text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.jobs (
    id text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    payload text NOT NULL COLLATE pg_catalog."C",
    state text NOT NULL COLLATE pg_catalog."C",
    priority bigint DEFAULT 0 NOT NULL,
    single_key text COLLATE pg_catalog."C",
    attempts bigint DEFAULT 0 NOT NULL,
    max_attempts bigint NOT NULL,
    run_after text NOT NULL COLLATE pg_catalog."C",
    lease_owner text COLLATE pg_catalog."C",
    lease_until text COLLATE pg_catalog."C",
    progress_done bigint DEFAULT 0 NOT NULL,
    progress_total bigint,
    progress_note text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    cancel_requested bigint DEFAULT 0 NOT NULL,
    result text COLLATE pg_catalog."C",
    error text COLLATE pg_catalog."C",
    created_by text COLLATE pg_catalog."C",
    created_at text NOT NULL COLLATE pg_catalog."C",
    started_at text COLLATE pg_catalog."C",
    finished_at text COLLATE pg_catalog."C",
    updated_at text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT jobs_cancel_requested_check CHECK ((cancel_requested = ANY (ARRAY[(0)::bigint, (1)::bigint]))),
    CONSTRAINT jobs_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'done'::text, 'failed'::text, 'cancelled'::text])))
);
CREATE TABLE public.kpi_values (
    participant_id text NOT NULL COLLATE pg_catalog."C",
    kpi text NOT NULL COLLATE pg_catalog."C",
    period_id text NOT NULL COLLATE pg_catalog."C",
    value bigint NOT NULL,
    batch_id text COLLATE pg_catalog."C",
    version bigint DEFAULT 1 NOT NULL,
    updated_at text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.login_throttles (
    subject text NOT NULL COLLATE pg_catalog."C",
    failures bigint NOT NULL,
    first_failure_at text NOT NULL COLLATE pg_catalog."C",
    last_failure_at text NOT NULL COLLATE pg_catalog."C",
    blocked_until text COLLATE pg_catalog."C"
);
CREATE TABLE public.one_time_links (
    id text NOT NULL COLLATE pg_catalog."C",
    purpose text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    token_hash text NOT NULL COLLATE pg_catalog."C",
    created_by text COLLATE pg_catalog."C",
    created_at text NOT NULL COLLATE pg_catalog."C",
    expires_at text NOT NULL COLLATE pg_catalog."C",
    used_at text COLLATE pg_catalog."C",
    CONSTRAINT one_time_links_purpose_check CHECK ((purpose = ANY (ARRAY['activate'::text, 'reset'::text])))
);
CREATE TABLE public.outbox (
    seq bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    topic text NOT NULL COLLATE pg_catalog."C",
    object_type text NOT NULL COLLATE pg_catalog."C",
    object_id text NOT NULL COLLATE pg_catalog."C",
    payload text NOT NULL COLLATE pg_catalog."C",
    created_at text NOT NULL COLLATE pg_catalog."C",
    delivered_at text COLLATE pg_catalog."C",
    attempts bigint DEFAULT 0 NOT NULL,
    next_attempt_at text NOT NULL COLLATE pg_catalog."C",
    last_error text COLLATE pg_catalog."C"
);
ALTER TABLE public.outbox ALTER COLUMN seq ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.outbox_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.participant_versions (
    participant_id text NOT NULL COLLATE pg_catalog."C",
    valid_from text NOT NULL COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    "position" text NOT NULL COLLATE pg_catalog."C",
    level text COLLATE pg_catalog."C",
    manager_id text COLLATE pg_catalog."C",
    unit_id text NOT NULL COLLATE pg_catalog."C",
    fte bigint DEFAULT 1000000 NOT NULL,
    target_incentive bigint,
    currency text NOT NULL COLLATE pg_catalog."C",
    cost_center text COLLATE pg_catalog."C",
    CONSTRAINT participant_versions_check CHECK (((valid_to IS NULL) OR (valid_to > valid_from))),
    CONSTRAINT participant_versions_check1 CHECK (((manager_id IS NULL) OR (manager_id <> participant_id))),
    CONSTRAINT participant_versions_fte_check CHECK (((fte >= 0) AND (fte <= 1000000)))
);
CREATE TABLE public.participants (
    num bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    code text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    email text COLLATE pg_catalog."C",
    hire_date text NOT NULL COLLATE pg_catalog."C",
    leave_date text COLLATE pg_catalog."C",
    version bigint DEFAULT 1 NOT NULL,
    created_at text NOT NULL COLLATE pg_catalog."C",
    updated_at text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT participants_check CHECK (((leave_date IS NULL) OR (leave_date >= hire_date)))
);
ALTER TABLE public.participants ALTER COLUMN num ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.participants_num_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.payment_batches (
    id text NOT NULL COLLATE pg_catalog."C",
    period_id text NOT NULL COLLATE pg_catalog."C",
    no bigint NOT NULL,
    state text NOT NULL COLLATE pg_catalog."C",
    currency text NOT NULL COLLATE pg_catalog."C",
    total bigint NOT NULL,
    items bigint NOT NULL,
    file_sha256 text COLLATE pg_catalog."C",
    created_by text NOT NULL COLLATE pg_catalog."C",
    approved_by text COLLATE pg_catalog."C",
    approved_at text COLLATE pg_catalog."C",
    exported_at text COLLATE pg_catalog."C",
    confirmed_at text COLLATE pg_catalog."C",
    created_at text NOT NULL COLLATE pg_catalog."C",
    updated_at text NOT NULL COLLATE pg_catalog."C",
    version bigint DEFAULT 1 NOT NULL,
    CONSTRAINT payment_batches_check CHECK (((approved_by IS NULL) OR (approved_by <> created_by)))
);
CREATE TABLE public.payment_items (
    statement_id text NOT NULL COLLATE pg_catalog."C",
    batch_id text NOT NULL COLLATE pg_catalog."C",
    participant_id text NOT NULL COLLATE pg_catalog."C",
    amount bigint NOT NULL,
    currency text NOT NULL COLLATE pg_catalog."C",
    cost_center text COLLATE pg_catalog."C"
);
CREATE TABLE public.periods (
    id text NOT NULL COLLATE pg_catalog."C",
    code text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    first_day text NOT NULL COLLATE pg_catalog."C",
    last_day text NOT NULL COLLATE pg_catalog."C",
    state text DEFAULT 'open'::text NOT NULL COLLATE pg_catalog."C",
    version bigint DEFAULT 1 NOT NULL,
    created_at text NOT NULL COLLATE pg_catalog."C",
    updated_at text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT periods_check CHECK ((last_day >= first_day)),
    CONSTRAINT periods_kind_check CHECK ((kind = ANY (ARRAY['month'::text, 'quarter'::text, 'four_month'::text, 'half_year'::text, 'year'::text]))),
    CONSTRAINT periods_state_check CHECK ((state = ANY (ARRAY['open'::text, 'closed'::text])))
);
CREATE TABLE public.plan_assignments (
    id text NOT NULL COLLATE pg_catalog."C",
    plan_version_id text NOT NULL COLLATE pg_catalog."C",
    participant_id text NOT NULL COLLATE pg_catalog."C",
    valid_from text NOT NULL COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    state text NOT NULL COLLATE pg_catalog."C",
    comment text COLLATE pg_catalog."C",
    created_by text COLLATE pg_catalog."C",
    created_at text NOT NULL COLLATE pg_catalog."C",
    updated_at text NOT NULL COLLATE pg_catalog."C",
    version bigint DEFAULT 1 NOT NULL,
    CONSTRAINT plan_assignments_check CHECK (((valid_to IS NULL) OR (valid_to > valid_from)))
);
CREATE TABLE public.plan_versions (
    id text NOT NULL COLLATE pg_catalog."C",
    plan_id text NOT NULL COLLATE pg_catalog."C",
    no bigint NOT NULL,
    state text NOT NULL COLLATE pg_catalog."C",
    document text NOT NULL COLLATE pg_catalog."C",
    sha256 text NOT NULL COLLATE pg_catalog."C",
    created_by text COLLATE pg_catalog."C",
    created_at text NOT NULL COLLATE pg_catalog."C",
    updated_at text NOT NULL COLLATE pg_catalog."C",
    published_at text COLLATE pg_catalog."C",
    version bigint DEFAULT 1 NOT NULL
);
CREATE TABLE public.plans (
    id text NOT NULL COLLATE pg_catalog."C",
    code text NOT NULL COLLATE pg_catalog."C",
    unit_id text COLLATE pg_catalog."C",
    created_by text COLLATE pg_catalog."C",
    created_at text NOT NULL COLLATE pg_catalog."C",
    updated_at text NOT NULL COLLATE pg_catalog."C",
    version bigint DEFAULT 1 NOT NULL
);
CREATE TABLE public.product_versions (
    product_id text NOT NULL COLLATE pg_catalog."C",
    valid_from text NOT NULL COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    category_id text NOT NULL COLLATE pg_catalog."C",
    list_price bigint,
    unit_margin bigint,
    CONSTRAINT product_versions_check CHECK (((valid_to IS NULL) OR (valid_to > valid_from)))
);
CREATE TABLE public.products (
    num bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    code text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    version bigint DEFAULT 1 NOT NULL,
    created_at text NOT NULL COLLATE pg_catalog."C",
    updated_at text NOT NULL COLLATE pg_catalog."C"
);
ALTER TABLE public.products ALTER COLUMN num ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.products_num_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.role_grants (
    id text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    role text NOT NULL COLLATE pg_catalog."C",
    unit_id text COLLATE pg_catalog."C",
    granted_by text COLLATE pg_catalog."C",
    granted_at text NOT NULL COLLATE pg_catalog."C",
    expires_at text COLLATE pg_catalog."C",
    revoked_by text COLLATE pg_catalog."C",
    revoked_at text COLLATE pg_catalog."C",
    reason text COLLATE pg_catalog."C"
);
CREATE TABLE public.run_credits (
    run_id text NOT NULL COLLATE pg_catalog."C",
    participant_id text NOT NULL COLLATE pg_catalog."C",
    category_code text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    amount text NOT NULL COLLATE pg_catalog."C",
    quantity text NOT NULL COLLATE pg_catalog."C",
    margin text NOT NULL COLLATE pg_catalog."C",
    lines bigint NOT NULL
);
CREATE TABLE public.run_findings (
    run_id text NOT NULL COLLATE pg_catalog."C",
    no bigint NOT NULL,
    severity text NOT NULL COLLATE pg_catalog."C",
    code text NOT NULL COLLATE pg_catalog."C",
    path text NOT NULL COLLATE pg_catalog."C",
    message text NOT NULL COLLATE pg_catalog."C",
    help text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.run_participants (
    run_id text NOT NULL COLLATE pg_catalog."C",
    participant_id text NOT NULL COLLATE pg_catalog."C",
    plan_version_id text NOT NULL COLLATE pg_catalog."C",
    unit_id text COLLATE pg_catalog."C",
    first_day text NOT NULL COLLATE pg_catalog."C",
    last_day text NOT NULL COLLATE pg_catalog."C",
    input text NOT NULL COLLATE pg_catalog."C",
    input_sha256 text NOT NULL COLLATE pg_catalog."C",
    result text NOT NULL COLLATE pg_catalog."C",
    result_sha256 text NOT NULL COLLATE pg_catalog."C",
    earned bigint NOT NULL,
    payment bigint NOT NULL,
    currency text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.runs (
    id text NOT NULL COLLATE pg_catalog."C",
    period_id text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    no bigint NOT NULL,
    state text NOT NULL COLLATE pg_catalog."C",
    previous_run_id text COLLATE pg_catalog."C",
    last_batch bigint NOT NULL,
    roster_as_of text NOT NULL COLLATE pg_catalog."C",
    engine text NOT NULL COLLATE pg_catalog."C",
    fixed text NOT NULL COLLATE pg_catalog."C",
    input_sha256 text COLLATE pg_catalog."C",
    result_sha256 text COLLATE pg_catalog."C",
    participants bigint DEFAULT 0 NOT NULL,
    complete bigint DEFAULT 0 NOT NULL,
    summary text DEFAULT '{}'::text NOT NULL COLLATE pg_catalog."C",
    reason text COLLATE pg_catalog."C",
    job_id text COLLATE pg_catalog."C",
    created_by text COLLATE pg_catalog."C",
    created_at text NOT NULL COLLATE pg_catalog."C",
    updated_at text NOT NULL COLLATE pg_catalog."C",
    version bigint DEFAULT 1 NOT NULL,
    CONSTRAINT runs_complete_check CHECK ((complete = ANY (ARRAY[(0)::bigint, (1)::bigint])))
);
CREATE TABLE public.sales_blocks (
    batch_num bigint NOT NULL,
    no bigint NOT NULL,
    lines bigint NOT NULL,
    first_day bigint NOT NULL,
    last_day bigint NOT NULL,
    data bytea NOT NULL
);
CREATE TABLE public.sales_lines (
    id bigint NOT NULL,
    day bigint NOT NULL,
    product_num bigint NOT NULL,
    participant_num bigint,
    territory_num bigint,
    channel_num bigint,
    customer_num bigint,
    amount bigint NOT NULL,
    quantity bigint,
    margin bigint,
    currency text NOT NULL COLLATE pg_catalog."C",
    external_id text COLLATE pg_catalog."C",
    CONSTRAINT sales_lines_check CHECK (((participant_num IS NOT NULL) OR (territory_num IS NOT NULL)))
);
CREATE TABLE public.sales_sources (
    id text NOT NULL COLLATE pg_catalog."C",
    code text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    late_policy text DEFAULT 'next_period'::text NOT NULL COLLATE pg_catalog."C",
    late_threshold bigint DEFAULT 0 NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    created_at text NOT NULL COLLATE pg_catalog."C",
    updated_at text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT sales_sources_late_policy_check CHECK ((late_policy = ANY (ARRAY['ignore'::text, 'next_period'::text, 'reopen'::text])))
);
CREATE TABLE public.sales_supersessions (
    line_id bigint NOT NULL,
    by_line_id bigint NOT NULL,
    published_no bigint NOT NULL
);
CREATE TABLE public.seaql_migrations (
    version character varying NOT NULL,
    applied_at bigint NOT NULL
);
CREATE TABLE public.service_client_secrets (
    id text NOT NULL COLLATE pg_catalog."C",
    client_id text NOT NULL COLLATE pg_catalog."C",
    secret_hash text NOT NULL COLLATE pg_catalog."C",
    created_at text NOT NULL COLLATE pg_catalog."C",
    expires_at text COLLATE pg_catalog."C",
    revoked_at text COLLATE pg_catalog."C"
);
CREATE TABLE public.service_clients (
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    scopes text NOT NULL COLLATE pg_catalog."C",
    unit_id text COLLATE pg_catalog."C",
    state text NOT NULL COLLATE pg_catalog."C",
    version bigint DEFAULT 1 NOT NULL,
    created_by text COLLATE pg_catalog."C",
    created_at text NOT NULL COLLATE pg_catalog."C",
    updated_at text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT service_clients_state_check CHECK ((state = ANY (ARRAY['active'::text, 'disabled'::text])))
);
CREATE TABLE public.sessions (
    id text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    token_hash text NOT NULL COLLATE pg_catalog."C",
    created_at text NOT NULL COLLATE pg_catalog."C",
    last_seen_at text NOT NULL COLLATE pg_catalog."C",
    authenticated_at text NOT NULL COLLATE pg_catalog."C",
    expires_at text NOT NULL COLLATE pg_catalog."C",
    address text COLLATE pg_catalog."C",
    user_agent text COLLATE pg_catalog."C",
    ended_at text COLLATE pg_catalog."C",
    ended_reason text COLLATE pg_catalog."C"
);
CREATE TABLE public.settings (
    name text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C",
    version bigint DEFAULT 1 NOT NULL,
    updated_at text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.statements (
    id text NOT NULL COLLATE pg_catalog."C",
    run_id text NOT NULL COLLATE pg_catalog."C",
    participant_id text NOT NULL COLLATE pg_catalog."C",
    plan_version_id text NOT NULL COLLATE pg_catalog."C",
    period_id text NOT NULL COLLATE pg_catalog."C",
    document text NOT NULL COLLATE pg_catalog."C",
    sha256 text NOT NULL COLLATE pg_catalog."C",
    earned bigint NOT NULL,
    payment bigint NOT NULL,
    currency text NOT NULL COLLATE pg_catalog."C",
    replaces_id text COLLATE pg_catalog."C",
    issued_at text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.territories (
    num bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    code text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    level text NOT NULL COLLATE pg_catalog."C",
    version bigint DEFAULT 1 NOT NULL,
    created_at text NOT NULL COLLATE pg_catalog."C",
    updated_at text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT territories_level_check CHECK ((level = ANY (ARRAY['national'::text, 'area'::text, 'district'::text, 'territory'::text, 'brick'::text])))
);
ALTER TABLE public.territories ALTER COLUMN num ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.territories_num_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.territory_assignments (
    id text NOT NULL COLLATE pg_catalog."C",
    participant_id text NOT NULL COLLATE pg_catalog."C",
    territory_id text NOT NULL COLLATE pg_catalog."C",
    role text NOT NULL COLLATE pg_catalog."C",
    share bigint NOT NULL,
    valid_from text NOT NULL COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    version bigint DEFAULT 1 NOT NULL,
    created_at text NOT NULL COLLATE pg_catalog."C",
    updated_at text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT territory_assignments_check CHECK (((valid_to IS NULL) OR (valid_to > valid_from))),
    CONSTRAINT territory_assignments_role_check CHECK ((role = ANY (ARRAY['direct'::text, 'overlay'::text]))),
    CONSTRAINT territory_assignments_share_check CHECK (((share > 0) AND (share <= 1000000)))
);
CREATE TABLE public.territory_versions (
    territory_id text NOT NULL COLLATE pg_catalog."C",
    valid_from text NOT NULL COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    parent_id text COLLATE pg_catalog."C",
    potential bigint,
    CONSTRAINT territory_versions_check CHECK (((valid_to IS NULL) OR (valid_to > valid_from))),
    CONSTRAINT territory_versions_check1 CHECK (((parent_id IS NULL) OR (parent_id <> territory_id)))
);
CREATE TABLE public.units (
    id text NOT NULL COLLATE pg_catalog."C",
    code text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    parent_id text COLLATE pg_catalog."C",
    kind text DEFAULT 'unit'::text NOT NULL COLLATE pg_catalog."C",
    version bigint DEFAULT 1 NOT NULL,
    created_at text NOT NULL COLLATE pg_catalog."C",
    updated_at text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT units_check CHECK ((parent_id <> id))
);
CREATE TABLE public.users (
    id text NOT NULL COLLATE pg_catalog."C",
    email text NOT NULL COLLATE pg_catalog."C",
    email_key text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    password_hash text COLLATE pg_catalog."C",
    state text NOT NULL COLLATE pg_catalog."C",
    participant_id text COLLATE pg_catalog."C",
    locale text DEFAULT 'it'::text NOT NULL COLLATE pg_catalog."C",
    version bigint DEFAULT 1 NOT NULL,
    created_at text NOT NULL COLLATE pg_catalog."C",
    updated_at text NOT NULL COLLATE pg_catalog."C",
    password_changed_at text COLLATE pg_catalog."C",
    CONSTRAINT users_state_check CHECK ((state = ANY (ARRAY['invited'::text, 'active'::text, 'disabled'::text])))
);
ALTER TABLE ONLY public.absences
    ADD CONSTRAINT absences_participant_id_first_day_kind_key UNIQUE (participant_id, first_day, kind);
ALTER TABLE ONLY public.absences
    ADD CONSTRAINT absences_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.acceptances
    ADD CONSTRAINT acceptances_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.adjustments
    ADD CONSTRAINT adjustments_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.approvals
    ADD CONSTRAINT approvals_object_type_object_id_round_step_key UNIQUE (object_type, object_id, round, step);
ALTER TABLE ONLY public.approvals
    ADD CONSTRAINT approvals_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.audit_events
    ADD CONSTRAINT audit_events_hash_key UNIQUE (hash);
ALTER TABLE ONLY public.audit_events
    ADD CONSTRAINT audit_events_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY public.audit_head
    ADD CONSTRAINT audit_head_pkey PRIMARY KEY (one);
ALTER TABLE ONLY public.balances
    ADD CONSTRAINT balances_pkey PRIMARY KEY (run_id, participant_id, plan_id);
ALTER TABLE ONLY public.categories
    ADD CONSTRAINT categories_code_key UNIQUE (code);
ALTER TABLE ONLY public.categories
    ADD CONSTRAINT categories_id_key UNIQUE (id);
ALTER TABLE ONLY public.categories
    ADD CONSTRAINT categories_pkey PRIMARY KEY (num);
ALTER TABLE ONLY public.channels
    ADD CONSTRAINT channels_code_key UNIQUE (code);
ALTER TABLE ONLY public.channels
    ADD CONSTRAINT channels_pkey PRIMARY KEY (num);
ALTER TABLE ONLY public.customers
    ADD CONSTRAINT customers_name_key UNIQUE (name);
ALTER TABLE ONLY public.customers
    ADD CONSTRAINT customers_pkey PRIMARY KEY (num);
ALTER TABLE ONLY public.delegations
    ADD CONSTRAINT delegations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.dispute_messages
    ADD CONSTRAINT dispute_messages_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.disputes
    ADD CONSTRAINT disputes_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.file_chunks
    ADD CONSTRAINT file_chunks_pkey PRIMARY KEY (file_id, no);
ALTER TABLE ONLY public.files
    ADD CONSTRAINT files_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.foreign_results
    ADD CONSTRAINT foreign_results_pkey PRIMARY KEY (period_id, participant_id, component);
ALTER TABLE ONLY public.goals
    ADD CONSTRAINT goals_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.goals
    ADD CONSTRAINT goals_series_id_no_key UNIQUE (series_id, no);
ALTER TABLE ONLY public.holidays
    ADD CONSTRAINT holidays_pkey PRIMARY KEY (calendar, day);
ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (actor, route, name);
ALTER TABLE ONLY public.import_batches
    ADD CONSTRAINT import_batches_id_key UNIQUE (id);
ALTER TABLE ONLY public.import_batches
    ADD CONSTRAINT import_batches_pkey PRIMARY KEY (num);
ALTER TABLE ONLY public.import_batches
    ADD CONSTRAINT import_batches_published_no_key UNIQUE (published_no);
ALTER TABLE ONLY public.import_findings
    ADD CONSTRAINT import_findings_pkey PRIMARY KEY (batch_id, no);
ALTER TABLE ONLY public.import_mappings
    ADD CONSTRAINT import_mappings_kind_source_code_name_key UNIQUE (kind, source_code, name);
ALTER TABLE ONLY public.import_mappings
    ADD CONSTRAINT import_mappings_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.import_rejects
    ADD CONSTRAINT import_rejects_pkey PRIMARY KEY (batch_id, row_no);
ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.kpi_values
    ADD CONSTRAINT kpi_values_pkey PRIMARY KEY (participant_id, kpi, period_id);
ALTER TABLE ONLY public.login_throttles
    ADD CONSTRAINT login_throttles_pkey PRIMARY KEY (subject);
ALTER TABLE ONLY public.one_time_links
    ADD CONSTRAINT one_time_links_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.one_time_links
    ADD CONSTRAINT one_time_links_token_hash_key UNIQUE (token_hash);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_id_key UNIQUE (id);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY public.participant_versions
    ADD CONSTRAINT participant_versions_pkey PRIMARY KEY (participant_id, valid_from);
ALTER TABLE ONLY public.participants
    ADD CONSTRAINT participants_code_key UNIQUE (code);
ALTER TABLE ONLY public.participants
    ADD CONSTRAINT participants_id_key UNIQUE (id);
ALTER TABLE ONLY public.participants
    ADD CONSTRAINT participants_pkey PRIMARY KEY (num);
ALTER TABLE ONLY public.payment_batches
    ADD CONSTRAINT payment_batches_period_id_no_key UNIQUE (period_id, no);
ALTER TABLE ONLY public.payment_batches
    ADD CONSTRAINT payment_batches_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.payment_items
    ADD CONSTRAINT payment_items_pkey PRIMARY KEY (statement_id);
ALTER TABLE ONLY public.periods
    ADD CONSTRAINT periods_code_key UNIQUE (code);
ALTER TABLE ONLY public.periods
    ADD CONSTRAINT periods_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.plan_assignments
    ADD CONSTRAINT plan_assignments_participant_id_plan_version_id_valid_from_key UNIQUE (participant_id, plan_version_id, valid_from);
ALTER TABLE ONLY public.plan_assignments
    ADD CONSTRAINT plan_assignments_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.plan_versions
    ADD CONSTRAINT plan_versions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.plan_versions
    ADD CONSTRAINT plan_versions_plan_id_no_key UNIQUE (plan_id, no);
ALTER TABLE ONLY public.plans
    ADD CONSTRAINT plans_code_key UNIQUE (code);
ALTER TABLE ONLY public.plans
    ADD CONSTRAINT plans_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.product_versions
    ADD CONSTRAINT product_versions_pkey PRIMARY KEY (product_id, valid_from);
ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_code_key UNIQUE (code);
ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_id_key UNIQUE (id);
ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_pkey PRIMARY KEY (num);
ALTER TABLE ONLY public.role_grants
    ADD CONSTRAINT role_grants_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.run_credits
    ADD CONSTRAINT run_credits_pkey PRIMARY KEY (run_id, participant_id, category_code, kind);
ALTER TABLE ONLY public.run_findings
    ADD CONSTRAINT run_findings_pkey PRIMARY KEY (run_id, no);
ALTER TABLE ONLY public.run_participants
    ADD CONSTRAINT run_participants_pkey PRIMARY KEY (run_id, participant_id, plan_version_id);
ALTER TABLE ONLY public.runs
    ADD CONSTRAINT runs_period_id_no_key UNIQUE (period_id, no);
ALTER TABLE ONLY public.runs
    ADD CONSTRAINT runs_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sales_blocks
    ADD CONSTRAINT sales_blocks_pkey PRIMARY KEY (batch_num, no);
ALTER TABLE ONLY public.sales_lines
    ADD CONSTRAINT sales_lines_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sales_sources
    ADD CONSTRAINT sales_sources_code_key UNIQUE (code);
ALTER TABLE ONLY public.sales_sources
    ADD CONSTRAINT sales_sources_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sales_supersessions
    ADD CONSTRAINT sales_supersessions_pkey PRIMARY KEY (line_id);
ALTER TABLE ONLY public.seaql_migrations
    ADD CONSTRAINT seaql_migrations_pkey PRIMARY KEY (version);
ALTER TABLE ONLY public.service_client_secrets
    ADD CONSTRAINT service_client_secrets_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.service_clients
    ADD CONSTRAINT service_clients_name_key UNIQUE (name);
ALTER TABLE ONLY public.service_clients
    ADD CONSTRAINT service_clients_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_token_hash_key UNIQUE (token_hash);
ALTER TABLE ONLY public.settings
    ADD CONSTRAINT settings_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.statements
    ADD CONSTRAINT statements_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.statements
    ADD CONSTRAINT statements_run_id_participant_id_plan_version_id_key UNIQUE (run_id, participant_id, plan_version_id);
ALTER TABLE ONLY public.territories
    ADD CONSTRAINT territories_code_key UNIQUE (code);
ALTER TABLE ONLY public.territories
    ADD CONSTRAINT territories_id_key UNIQUE (id);
ALTER TABLE ONLY public.territories
    ADD CONSTRAINT territories_pkey PRIMARY KEY (num);
ALTER TABLE ONLY public.territory_assignments
    ADD CONSTRAINT territory_assignments_participant_id_territory_id_role_vali_key UNIQUE (participant_id, territory_id, role, valid_from);
ALTER TABLE ONLY public.territory_assignments
    ADD CONSTRAINT territory_assignments_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.territory_versions
    ADD CONSTRAINT territory_versions_pkey PRIMARY KEY (territory_id, valid_from);
ALTER TABLE ONLY public.units
    ADD CONSTRAINT units_code_key UNIQUE (code);
ALTER TABLE ONLY public.units
    ADD CONSTRAINT units_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);
CREATE INDEX acceptances_assignment ON public.acceptances USING btree (assignment_id);
CREATE INDEX adjustments_period ON public.adjustments USING btree (period_id, participant_id);
CREATE INDEX audit_events_actor ON public.audit_events USING btree (actor_id, seq);
CREATE INDEX audit_events_object ON public.audit_events USING btree (object_type, object_id, seq);
CREATE INDEX balances_participant ON public.balances USING btree (participant_id);
CREATE INDEX delegations_to ON public.delegations USING btree (to_user_id);
CREATE INDEX dispute_messages_dispute ON public.dispute_messages USING btree (dispute_id, created_at);
CREATE INDEX disputes_participant ON public.disputes USING btree (participant_id);
CREATE UNIQUE INDEX goals_in_force ON public.goals USING btree (period_id, category_id, measure, COALESCE(territory_id, ''::text), COALESCE(participant_id, ''::text)) WHERE (state = 'accepted'::text);
CREATE INDEX goals_participant ON public.goals USING btree (participant_id);
CREATE INDEX goals_period ON public.goals USING btree (period_id, state);
CREATE INDEX idempotency_keys_created ON public.idempotency_keys USING btree (created_at);
CREATE INDEX import_batches_created ON public.import_batches USING btree (created_at);
CREATE UNIQUE INDEX import_batches_once ON public.import_batches USING btree (kind, source_code, file_sha256) WHERE ((kind = 'sales'::text) AND (state = 'published'::text));
CREATE UNIQUE INDEX jobs_single ON public.jobs USING btree (single_key) WHERE ((single_key IS NOT NULL) AND (state = ANY (ARRAY['queued'::text, 'running'::text])));
CREATE INDEX jobs_waiting ON public.jobs USING btree (priority, run_after, id) WHERE (state = ANY (ARRAY['queued'::text, 'running'::text]));
CREATE INDEX kpi_values_period ON public.kpi_values USING btree (period_id);
CREATE INDEX outbox_due ON public.outbox USING btree (seq) WHERE (delivered_at IS NULL);
CREATE INDEX participant_versions_manager ON public.participant_versions USING btree (manager_id);
CREATE INDEX participant_versions_unit ON public.participant_versions USING btree (unit_id);
CREATE INDEX payment_items_batch ON public.payment_items USING btree (batch_id, participant_id);
CREATE INDEX periods_days ON public.periods USING btree (first_day, last_day);
CREATE INDEX plan_assignments_plan ON public.plan_assignments USING btree (plan_version_id);
CREATE INDEX product_versions_category ON public.product_versions USING btree (category_id);
CREATE UNIQUE INDEX role_grants_live ON public.role_grants USING btree (user_id, role, COALESCE(unit_id, ''::text)) WHERE (revoked_at IS NULL);
CREATE INDEX run_participants_participant ON public.run_participants USING btree (participant_id);
CREATE INDEX sales_lines_external ON public.sales_lines USING btree (external_id) WHERE (external_id IS NOT NULL);
CREATE INDEX service_client_secrets_client ON public.service_client_secrets USING btree (client_id);
CREATE INDEX sessions_user ON public.sessions USING btree (user_id);
CREATE INDEX statements_participant ON public.statements USING btree (participant_id, period_id);
CREATE INDEX statements_period ON public.statements USING btree (period_id);
CREATE INDEX territory_assignments_territory ON public.territory_assignments USING btree (territory_id, valid_from);
CREATE INDEX territory_versions_parent ON public.territory_versions USING btree (parent_id);
CREATE INDEX units_parent ON public.units USING btree (parent_id);
CREATE UNIQUE INDEX users_email ON public.users USING btree (email_key) WHERE (state <> 'disabled'::text);
CREATE INDEX users_participant ON public.users USING btree (participant_id);
CREATE TRIGGER acceptances_delete_07 BEFORE DELETE ON public.acceptances FOR EACH ROW EXECUTE FUNCTION public.refuse('signatures are never deleted');
CREATE TRIGGER acceptances_truncate BEFORE TRUNCATE ON public.acceptances FOR EACH STATEMENT EXECUTE FUNCTION public.refuse('signatures are never deleted');
CREATE TRIGGER acceptances_update_06 BEFORE UPDATE ON public.acceptances FOR EACH ROW EXECUTE FUNCTION public.refuse('signatures never change');
CREATE TRIGGER adjustments_delete_29 BEFORE DELETE ON public.adjustments FOR EACH ROW EXECUTE FUNCTION public.refuse('adjustments are never deleted');
CREATE TRIGGER adjustments_truncate BEFORE TRUNCATE ON public.adjustments FOR EACH STATEMENT EXECUTE FUNCTION public.refuse('adjustments are never deleted');
CREATE TRIGGER adjustments_update_28 BEFORE UPDATE ON public.adjustments FOR EACH ROW WHEN ((old.state = ANY (ARRAY['approved'::text, 'refused'::text]))) EXECUTE FUNCTION public.refuse('a decided adjustment never changes');
CREATE TRIGGER approvals_delete_05 BEFORE DELETE ON public.approvals FOR EACH ROW EXECUTE FUNCTION public.refuse('approvals are never deleted');
CREATE TRIGGER approvals_truncate BEFORE TRUNCATE ON public.approvals FOR EACH STATEMENT EXECUTE FUNCTION public.refuse('approvals are never deleted');
CREATE TRIGGER approvals_update_04 BEFORE UPDATE ON public.approvals FOR EACH ROW EXECUTE FUNCTION public.refuse('approvals never change');
CREATE TRIGGER audit_events_delete_01 BEFORE DELETE ON public.audit_events FOR EACH ROW EXECUTE FUNCTION public.refuse('audit events are never deleted');
CREATE TRIGGER audit_events_truncate BEFORE TRUNCATE ON public.audit_events FOR EACH STATEMENT EXECUTE FUNCTION public.refuse('audit events are never deleted');
CREATE TRIGGER audit_events_update_00 BEFORE UPDATE ON public.audit_events FOR EACH ROW EXECUTE FUNCTION public.refuse('audit events never change');
CREATE TRIGGER audit_head_delete_02 BEFORE DELETE ON public.audit_head FOR EACH ROW EXECUTE FUNCTION public.refuse('the head of the audit chain is never deleted');
CREATE TRIGGER audit_head_truncate BEFORE TRUNCATE ON public.audit_head FOR EACH STATEMENT EXECUTE FUNCTION public.refuse('the head of the audit chain is never deleted');
CREATE TRIGGER audit_head_update_03 BEFORE UPDATE ON public.audit_head FOR EACH ROW WHEN ((new.seq <= old.seq)) EXECUTE FUNCTION public.refuse('the audit chain only grows');
CREATE TRIGGER balances_delete_27 BEFORE DELETE ON public.balances FOR EACH ROW EXECUTE FUNCTION public.refuse('carried balances are never deleted');
CREATE TRIGGER balances_truncate BEFORE TRUNCATE ON public.balances FOR EACH STATEMENT EXECUTE FUNCTION public.refuse('carried balances are never deleted');
CREATE TRIGGER balances_update_26 BEFORE UPDATE ON public.balances FOR EACH ROW EXECUTE FUNCTION public.refuse('carried balances never change');
CREATE TRIGGER dispute_messages_delete_11 BEFORE DELETE ON public.dispute_messages FOR EACH ROW EXECUTE FUNCTION public.refuse('messages of a dispute are never deleted');
CREATE TRIGGER dispute_messages_truncate BEFORE TRUNCATE ON public.dispute_messages FOR EACH STATEMENT EXECUTE FUNCTION public.refuse('messages of a dispute are never deleted');
CREATE TRIGGER dispute_messages_update_10 BEFORE UPDATE ON public.dispute_messages FOR EACH ROW EXECUTE FUNCTION public.refuse('messages of a dispute never change');
CREATE TRIGGER import_batches_delete_17 BEFORE DELETE ON public.import_batches FOR EACH ROW WHEN ((old.state = 'published'::text)) EXECUTE FUNCTION public.refuse('a published import batch is never deleted');
CREATE TRIGGER import_batches_update_16 BEFORE UPDATE ON public.import_batches FOR EACH ROW WHEN ((old.state = 'published'::text)) EXECUTE FUNCTION public.refuse('a published import batch never changes');
CREATE TRIGGER payment_batches_delete_31 BEFORE DELETE ON public.payment_batches FOR EACH ROW WHEN ((old.state <> 'draft'::text)) EXECUTE FUNCTION public.refuse('only a draft of a payment batch can be deleted');
CREATE TRIGGER payment_batches_update_30 BEFORE UPDATE ON public.payment_batches FOR EACH ROW WHEN (((old.state <> 'draft'::text) AND ((new.total <> old.total) OR (new.items <> old.items) OR (new.currency <> old.currency) OR (new.period_id <> old.period_id)))) EXECUTE FUNCTION public.refuse('an approved payment batch never changes');
CREATE TRIGGER payment_items_owned BEFORE DELETE ON public.payment_items FOR EACH ROW EXECUTE FUNCTION public.payment_items_owned();
CREATE TRIGGER payment_items_truncate BEFORE TRUNCATE ON public.payment_items FOR EACH STATEMENT EXECUTE FUNCTION public.refuse('items of an approved payment batch are never deleted');
CREATE TRIGGER payment_items_update_32 BEFORE UPDATE ON public.payment_items FOR EACH ROW EXECUTE FUNCTION public.refuse('payment items never change');
CREATE TRIGGER plan_versions_delete_20 BEFORE DELETE ON public.plan_versions FOR EACH ROW WHEN ((old.state <> 'draft'::text)) EXECUTE FUNCTION public.refuse('only a draft of a plan can be deleted');
CREATE TRIGGER plan_versions_update_18 BEFORE UPDATE ON public.plan_versions FOR EACH ROW WHEN (((old.state = ANY (ARRAY['submitted'::text, 'approved'::text, 'published'::text, 'retired'::text])) AND ((new.document <> old.document) OR (new.sha256 <> old.sha256) OR (new.no <> old.no) OR (new.plan_id <> old.plan_id)))) EXECUTE FUNCTION public.refuse('the document of a plan version never changes once submitted');
CREATE TRIGGER plan_versions_update_19 BEFORE UPDATE ON public.plan_versions FOR EACH ROW WHEN (((old.state = ANY (ARRAY['published'::text, 'retired'::text])) AND (new.state <> ALL (ARRAY['published'::text, 'retired'::text])))) EXECUTE FUNCTION public.refuse('a published plan version can only be retired');
CREATE TRIGGER role_grants_delete_34 BEFORE DELETE ON public.role_grants FOR EACH ROW EXECUTE FUNCTION public.refuse('grants are never deleted');
CREATE TRIGGER role_grants_truncate BEFORE TRUNCATE ON public.role_grants FOR EACH STATEMENT EXECUTE FUNCTION public.refuse('grants are never deleted');
CREATE TRIGGER role_grants_update_33 BEFORE UPDATE ON public.role_grants FOR EACH ROW WHEN (((old.revoked_at IS NOT NULL) OR (new.role <> old.role) OR (new.user_id <> old.user_id))) EXECUTE FUNCTION public.refuse('a grant can only be revoked');
CREATE TRIGGER run_credits_owned BEFORE DELETE ON public.run_credits FOR EACH ROW EXECUTE FUNCTION public.run_credits_owned();
CREATE TRIGGER run_credits_truncate BEFORE TRUNCATE ON public.run_credits FOR EACH STATEMENT EXECUTE FUNCTION public.refuse('credits of a submitted run are never deleted');
CREATE TRIGGER run_credits_update_25 BEFORE UPDATE ON public.run_credits FOR EACH ROW EXECUTE FUNCTION public.refuse('credits of a run never change');
CREATE TRIGGER run_participants_owned BEFORE DELETE ON public.run_participants FOR EACH ROW EXECUTE FUNCTION public.run_participants_owned();
CREATE TRIGGER run_participants_truncate BEFORE TRUNCATE ON public.run_participants FOR EACH STATEMENT EXECUTE FUNCTION public.refuse('results of a submitted run are never deleted');
CREATE TRIGGER run_participants_update_24 BEFORE UPDATE ON public.run_participants FOR EACH ROW EXECUTE FUNCTION public.refuse('results of a run never change');
CREATE TRIGGER runs_delete_23 BEFORE DELETE ON public.runs FOR EACH ROW WHEN ((old.state <> ALL (ARRAY['previewed'::text, 'discarded'::text]))) EXECUTE FUNCTION public.refuse('only a preview can be deleted');
CREATE TRIGGER runs_update_21 BEFORE UPDATE ON public.runs FOR EACH ROW WHEN (((old.state = ANY (ARRAY['published'::text, 'closed'::text])) AND ((new.state <> ALL (ARRAY['published'::text, 'closed'::text])) OR (new.last_batch <> old.last_batch) OR (new.fixed <> old.fixed) OR (new.input_sha256 <> old.input_sha256) OR (new.result_sha256 <> old.result_sha256) OR (new.summary <> old.summary) OR (new.period_id <> old.period_id)))) EXECUTE FUNCTION public.refuse('a published run never changes');
CREATE TRIGGER runs_update_22 BEFORE UPDATE ON public.runs FOR EACH ROW WHEN ((old.state = 'closed'::text)) EXECUTE FUNCTION public.refuse('a closed run never changes');
CREATE TRIGGER sales_blocks_owned BEFORE DELETE ON public.sales_blocks FOR EACH ROW EXECUTE FUNCTION public.sales_blocks_owned();
CREATE TRIGGER sales_blocks_truncate BEFORE TRUNCATE ON public.sales_blocks FOR EACH STATEMENT EXECUTE FUNCTION public.refuse('published sales lines are never deleted');
CREATE TRIGGER sales_blocks_update_13 BEFORE UPDATE ON public.sales_blocks FOR EACH ROW EXECUTE FUNCTION public.refuse('sales lines never change: a correction is a new line');
CREATE TRIGGER sales_lines_owned BEFORE DELETE ON public.sales_lines FOR EACH ROW EXECUTE FUNCTION public.sales_lines_owned();
CREATE TRIGGER sales_lines_truncate BEFORE TRUNCATE ON public.sales_lines FOR EACH STATEMENT EXECUTE FUNCTION public.refuse('published sales lines are never deleted');
CREATE TRIGGER sales_lines_update_12 BEFORE UPDATE ON public.sales_lines FOR EACH ROW EXECUTE FUNCTION public.refuse('sales lines never change: a correction is a new line');
CREATE TRIGGER sales_supersessions_delete_15 BEFORE DELETE ON public.sales_supersessions FOR EACH ROW EXECUTE FUNCTION public.refuse('supersessions are never deleted');
CREATE TRIGGER sales_supersessions_truncate BEFORE TRUNCATE ON public.sales_supersessions FOR EACH STATEMENT EXECUTE FUNCTION public.refuse('supersessions are never deleted');
CREATE TRIGGER sales_supersessions_update_14 BEFORE UPDATE ON public.sales_supersessions FOR EACH ROW EXECUTE FUNCTION public.refuse('supersessions never change');
CREATE TRIGGER statements_delete_09 BEFORE DELETE ON public.statements FOR EACH ROW EXECUTE FUNCTION public.refuse('issued statements are never deleted');
CREATE TRIGGER statements_truncate BEFORE TRUNCATE ON public.statements FOR EACH STATEMENT EXECUTE FUNCTION public.refuse('issued statements are never deleted');
CREATE TRIGGER statements_update_08 BEFORE UPDATE ON public.statements FOR EACH ROW EXECUTE FUNCTION public.refuse('issued statements never change');
CREATE TRIGGER users_delete_35 BEFORE DELETE ON public.users FOR EACH ROW EXECUTE FUNCTION public.refuse('users are disabled, never deleted');
CREATE TRIGGER users_truncate BEFORE TRUNCATE ON public.users FOR EACH STATEMENT EXECUTE FUNCTION public.refuse('users are disabled, never deleted');
ALTER TABLE ONLY public.absences
    ADD CONSTRAINT absences_participant_id_fkey FOREIGN KEY (participant_id) REFERENCES public.participants(id);
ALTER TABLE ONLY public.acceptances
    ADD CONSTRAINT acceptances_assignment_id_fkey FOREIGN KEY (assignment_id) REFERENCES public.plan_assignments(id);
ALTER TABLE ONLY public.acceptances
    ADD CONSTRAINT acceptances_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);
ALTER TABLE ONLY public.adjustments
    ADD CONSTRAINT adjustments_dispute_id_fkey FOREIGN KEY (dispute_id) REFERENCES public.disputes(id);
ALTER TABLE ONLY public.adjustments
    ADD CONSTRAINT adjustments_participant_id_fkey FOREIGN KEY (participant_id) REFERENCES public.participants(id);
ALTER TABLE ONLY public.adjustments
    ADD CONSTRAINT adjustments_period_id_fkey FOREIGN KEY (period_id) REFERENCES public.periods(id);
ALTER TABLE ONLY public.adjustments
    ADD CONSTRAINT adjustments_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES public.plans(id);
ALTER TABLE ONLY public.balances
    ADD CONSTRAINT balances_participant_id_fkey FOREIGN KEY (participant_id) REFERENCES public.participants(id);
ALTER TABLE ONLY public.balances
    ADD CONSTRAINT balances_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES public.plans(id);
ALTER TABLE ONLY public.balances
    ADD CONSTRAINT balances_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(id);
ALTER TABLE ONLY public.categories
    ADD CONSTRAINT categories_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES public.categories(id);
ALTER TABLE ONLY public.categories
    ADD CONSTRAINT categories_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES public.units(id);
ALTER TABLE ONLY public.delegations
    ADD CONSTRAINT delegations_from_user_id_fkey FOREIGN KEY (from_user_id) REFERENCES public.users(id);
ALTER TABLE ONLY public.delegations
    ADD CONSTRAINT delegations_to_user_id_fkey FOREIGN KEY (to_user_id) REFERENCES public.users(id);
ALTER TABLE ONLY public.dispute_messages
    ADD CONSTRAINT dispute_messages_dispute_id_fkey FOREIGN KEY (dispute_id) REFERENCES public.disputes(id);
ALTER TABLE ONLY public.disputes
    ADD CONSTRAINT disputes_assigned_to_fkey FOREIGN KEY (assigned_to) REFERENCES public.users(id);
ALTER TABLE ONLY public.disputes
    ADD CONSTRAINT disputes_participant_id_fkey FOREIGN KEY (participant_id) REFERENCES public.participants(id);
ALTER TABLE ONLY public.disputes
    ADD CONSTRAINT disputes_statement_id_fkey FOREIGN KEY (statement_id) REFERENCES public.statements(id);
ALTER TABLE ONLY public.file_chunks
    ADD CONSTRAINT file_chunks_file_id_fkey FOREIGN KEY (file_id) REFERENCES public.files(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.foreign_results
    ADD CONSTRAINT foreign_results_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES public.import_batches(id);
ALTER TABLE ONLY public.foreign_results
    ADD CONSTRAINT foreign_results_participant_id_fkey FOREIGN KEY (participant_id) REFERENCES public.participants(id);
ALTER TABLE ONLY public.foreign_results
    ADD CONSTRAINT foreign_results_period_id_fkey FOREIGN KEY (period_id) REFERENCES public.periods(id);
ALTER TABLE ONLY public.goals
    ADD CONSTRAINT goals_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES public.import_batches(id);
ALTER TABLE ONLY public.goals
    ADD CONSTRAINT goals_category_id_fkey FOREIGN KEY (category_id) REFERENCES public.categories(id);
ALTER TABLE ONLY public.goals
    ADD CONSTRAINT goals_participant_id_fkey FOREIGN KEY (participant_id) REFERENCES public.participants(id);
ALTER TABLE ONLY public.goals
    ADD CONSTRAINT goals_period_id_fkey FOREIGN KEY (period_id) REFERENCES public.periods(id);
ALTER TABLE ONLY public.goals
    ADD CONSTRAINT goals_territory_id_fkey FOREIGN KEY (territory_id) REFERENCES public.territories(id);
ALTER TABLE ONLY public.import_batches
    ADD CONSTRAINT import_batches_file_id_fkey FOREIGN KEY (file_id) REFERENCES public.files(id);
ALTER TABLE ONLY public.import_findings
    ADD CONSTRAINT import_findings_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES public.import_batches(id);
ALTER TABLE ONLY public.import_rejects
    ADD CONSTRAINT import_rejects_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES public.import_batches(id);
ALTER TABLE ONLY public.kpi_values
    ADD CONSTRAINT kpi_values_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES public.import_batches(id);
ALTER TABLE ONLY public.kpi_values
    ADD CONSTRAINT kpi_values_participant_id_fkey FOREIGN KEY (participant_id) REFERENCES public.participants(id);
ALTER TABLE ONLY public.kpi_values
    ADD CONSTRAINT kpi_values_period_id_fkey FOREIGN KEY (period_id) REFERENCES public.periods(id);
ALTER TABLE ONLY public.one_time_links
    ADD CONSTRAINT one_time_links_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);
ALTER TABLE ONLY public.participant_versions
    ADD CONSTRAINT participant_versions_manager_id_fkey FOREIGN KEY (manager_id) REFERENCES public.participants(id);
ALTER TABLE ONLY public.participant_versions
    ADD CONSTRAINT participant_versions_participant_id_fkey FOREIGN KEY (participant_id) REFERENCES public.participants(id);
ALTER TABLE ONLY public.participant_versions
    ADD CONSTRAINT participant_versions_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES public.units(id);
ALTER TABLE ONLY public.payment_batches
    ADD CONSTRAINT payment_batches_period_id_fkey FOREIGN KEY (period_id) REFERENCES public.periods(id);
ALTER TABLE ONLY public.payment_items
    ADD CONSTRAINT payment_items_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES public.payment_batches(id);
ALTER TABLE ONLY public.payment_items
    ADD CONSTRAINT payment_items_participant_id_fkey FOREIGN KEY (participant_id) REFERENCES public.participants(id);
ALTER TABLE ONLY public.payment_items
    ADD CONSTRAINT payment_items_statement_id_fkey FOREIGN KEY (statement_id) REFERENCES public.statements(id);
ALTER TABLE ONLY public.plan_assignments
    ADD CONSTRAINT plan_assignments_participant_id_fkey FOREIGN KEY (participant_id) REFERENCES public.participants(id);
ALTER TABLE ONLY public.plan_assignments
    ADD CONSTRAINT plan_assignments_plan_version_id_fkey FOREIGN KEY (plan_version_id) REFERENCES public.plan_versions(id);
ALTER TABLE ONLY public.plan_versions
    ADD CONSTRAINT plan_versions_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES public.plans(id);
ALTER TABLE ONLY public.plans
    ADD CONSTRAINT plans_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES public.units(id);
ALTER TABLE ONLY public.product_versions
    ADD CONSTRAINT product_versions_category_id_fkey FOREIGN KEY (category_id) REFERENCES public.categories(id);
ALTER TABLE ONLY public.product_versions
    ADD CONSTRAINT product_versions_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.products(id);
ALTER TABLE ONLY public.role_grants
    ADD CONSTRAINT role_grants_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES public.units(id);
ALTER TABLE ONLY public.role_grants
    ADD CONSTRAINT role_grants_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);
ALTER TABLE ONLY public.run_credits
    ADD CONSTRAINT run_credits_participant_id_fkey FOREIGN KEY (participant_id) REFERENCES public.participants(id);
ALTER TABLE ONLY public.run_credits
    ADD CONSTRAINT run_credits_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(id);
ALTER TABLE ONLY public.run_findings
    ADD CONSTRAINT run_findings_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(id);
ALTER TABLE ONLY public.run_participants
    ADD CONSTRAINT run_participants_participant_id_fkey FOREIGN KEY (participant_id) REFERENCES public.participants(id);
ALTER TABLE ONLY public.run_participants
    ADD CONSTRAINT run_participants_plan_version_id_fkey FOREIGN KEY (plan_version_id) REFERENCES public.plan_versions(id);
ALTER TABLE ONLY public.run_participants
    ADD CONSTRAINT run_participants_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(id);
ALTER TABLE ONLY public.run_participants
    ADD CONSTRAINT run_participants_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES public.units(id);
ALTER TABLE ONLY public.runs
    ADD CONSTRAINT runs_period_id_fkey FOREIGN KEY (period_id) REFERENCES public.periods(id);
ALTER TABLE ONLY public.runs
    ADD CONSTRAINT runs_previous_run_id_fkey FOREIGN KEY (previous_run_id) REFERENCES public.runs(id);
ALTER TABLE ONLY public.service_client_secrets
    ADD CONSTRAINT service_client_secrets_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.service_clients(id);
ALTER TABLE ONLY public.service_clients
    ADD CONSTRAINT service_clients_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES public.units(id);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);
ALTER TABLE ONLY public.statements
    ADD CONSTRAINT statements_participant_id_fkey FOREIGN KEY (participant_id) REFERENCES public.participants(id);
ALTER TABLE ONLY public.statements
    ADD CONSTRAINT statements_period_id_fkey FOREIGN KEY (period_id) REFERENCES public.periods(id);
ALTER TABLE ONLY public.statements
    ADD CONSTRAINT statements_plan_version_id_fkey FOREIGN KEY (plan_version_id) REFERENCES public.plan_versions(id);
ALTER TABLE ONLY public.statements
    ADD CONSTRAINT statements_replaces_id_fkey FOREIGN KEY (replaces_id) REFERENCES public.statements(id);
ALTER TABLE ONLY public.statements
    ADD CONSTRAINT statements_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(id);
ALTER TABLE ONLY public.territory_assignments
    ADD CONSTRAINT territory_assignments_participant_id_fkey FOREIGN KEY (participant_id) REFERENCES public.participants(id);
ALTER TABLE ONLY public.territory_assignments
    ADD CONSTRAINT territory_assignments_territory_id_fkey FOREIGN KEY (territory_id) REFERENCES public.territories(id);
ALTER TABLE ONLY public.territory_versions
    ADD CONSTRAINT territory_versions_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES public.territories(id);
ALTER TABLE ONLY public.territory_versions
    ADD CONSTRAINT territory_versions_territory_id_fkey FOREIGN KEY (territory_id) REFERENCES public.territories(id);
ALTER TABLE ONLY public.units
    ADD CONSTRAINT units_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES public.units(id);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_participant_id_fkey FOREIGN KEY (participant_id) REFERENCES public.participants(id);
