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
-- An id is never reused: who is made again under the same address is another user.
CREATE UNIQUE INDEX users_email ON users (email_key) WHERE state <> 'disabled';
CREATE INDEX users_participant ON users (participant_id);

-- A grant ends by `revoked_at`, never by deletion: who could do what on a day stays answerable.
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
CREATE UNIQUE INDEX role_grants_live ON role_grants (user_id, role, COALESCE(unit_id, '')) WHERE revoked_at IS NULL;

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
CREATE INDEX delegations_to ON delegations (to_user_id);

-- Only the SHA-256 of a token is kept.
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
CREATE INDEX sessions_user ON sessions (user_id);

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
-- Two secrets may be live while one replaces the other.
CREATE TABLE service_client_secrets (
    id TEXT NOT NULL PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES service_clients (id),
    secret_hash TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT,
    revoked_at TEXT
) STRICT;
CREATE INDEX service_client_secrets_client ON service_client_secrets (client_id);

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

-- One row per account or address that failed of late.
CREATE TABLE login_throttles (
    subject TEXT NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    first_failure_at TEXT NOT NULL,
    last_failure_at TEXT NOT NULL,
    blocked_until TEXT
) STRICT;

CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    updated_at TEXT NOT NULL
) STRICT;
