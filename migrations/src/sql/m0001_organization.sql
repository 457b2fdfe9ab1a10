-- Units form one tree; a row scope is a subtree of it.
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
CREATE INDEX units_parent ON units (parent_id);

-- `num` is the small key that sales lines carry; `id` is what travels.
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

-- What is true of a participant from `valid_from` up to, not including, `valid_to`.
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
CREATE INDEX participant_versions_unit ON participant_versions (unit_id);
CREATE INDEX participant_versions_manager ON participant_versions (manager_id);

-- `last_day` is included, as people say it.
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

-- Days on which nobody works, per calendar.
CREATE TABLE holidays (
    calendar TEXT NOT NULL,
    day TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (calendar, day)
) STRICT;
