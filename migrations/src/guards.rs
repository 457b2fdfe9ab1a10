//! What never changes, refused by the database itself.

/// What is refused.
enum Event {
    Update,
    Delete,
}

/// A row of `table` that fulfils `when` refuses the event.
struct Guard {
    table: &'static str,
    event: Event,
    /// A condition on `OLD` and `NEW` without subqueries; empty: always.
    when: &'static str,
    message: &'static str,
}

const fn guard(table: &'static str, event: Event, when: &'static str, message: &'static str) -> Guard {
    Guard { table, event, when, message }
}

const GUARDS: &[Guard] = &[
    guard("audit_events", Event::Update, "", "audit events never change"),
    guard("audit_events", Event::Delete, "", "audit events are never deleted"),
    guard("audit_head", Event::Delete, "", "the head of the audit chain is never deleted"),
    guard("audit_head", Event::Update, "NEW.seq <= OLD.seq", "the audit chain only grows"),
    guard("approvals", Event::Update, "", "approvals never change"),
    guard("approvals", Event::Delete, "", "approvals are never deleted"),
    guard("acceptances", Event::Update, "", "signatures never change"),
    guard("acceptances", Event::Delete, "", "signatures are never deleted"),
    guard("statements", Event::Update, "", "issued statements never change"),
    guard("statements", Event::Delete, "", "issued statements are never deleted"),
    guard("dispute_messages", Event::Update, "", "messages of a dispute never change"),
    guard("dispute_messages", Event::Delete, "", "messages of a dispute are never deleted"),
    guard("sales_lines", Event::Update, "", "sales lines never change: a correction is a new line"),
    guard("sales_blocks", Event::Update, "", "sales lines never change: a correction is a new line"),
    guard("sales_supersessions", Event::Update, "", "supersessions never change"),
    guard("sales_supersessions", Event::Delete, "", "supersessions are never deleted"),
    guard("import_batches", Event::Update, "OLD.state = 'published'", "a published import batch never changes"),
    guard("import_batches", Event::Delete, "OLD.state = 'published'", "a published import batch is never deleted"),
    guard(
        "plan_versions",
        Event::Update,
        "OLD.state IN ('submitted', 'approved', 'published', 'retired') \
         AND (NEW.document <> OLD.document OR NEW.sha256 <> OLD.sha256 OR NEW.no <> OLD.no \
         OR NEW.plan_id <> OLD.plan_id)",
        "the document of a plan version never changes once submitted",
    ),
    guard(
        "plan_versions",
        Event::Update,
        "OLD.state IN ('published', 'retired') AND NEW.state NOT IN ('published', 'retired')",
        "a published plan version can only be retired",
    ),
    guard("plan_versions", Event::Delete, "OLD.state <> 'draft'", "only a draft of a plan can be deleted"),
    guard(
        "runs",
        Event::Update,
        "OLD.state IN ('published', 'closed') \
         AND (NEW.state NOT IN ('published', 'closed') OR NEW.last_batch <> OLD.last_batch \
         OR NEW.fixed <> OLD.fixed OR NEW.input_sha256 <> OLD.input_sha256 \
         OR NEW.result_sha256 <> OLD.result_sha256 OR NEW.summary <> OLD.summary \
         OR NEW.period_id <> OLD.period_id)",
        "a published run never changes",
    ),
    guard("runs", Event::Update, "OLD.state = 'closed'", "a closed run never changes"),
    guard("runs", Event::Delete, "OLD.state NOT IN ('previewed', 'discarded')", "only a preview can be deleted"),
    guard("run_participants", Event::Update, "", "results of a run never change"),
    guard("run_credits", Event::Update, "", "credits of a run never change"),
    guard("balances", Event::Update, "", "carried balances never change"),
    guard("balances", Event::Delete, "", "carried balances are never deleted"),
    guard("adjustments", Event::Update, "OLD.state IN ('approved', 'refused')", "a decided adjustment never changes"),
    guard("adjustments", Event::Delete, "", "adjustments are never deleted"),
    guard(
        "payment_batches",
        Event::Update,
        "OLD.state <> 'draft' AND (NEW.total <> OLD.total OR NEW.items <> OLD.items \
         OR NEW.currency <> OLD.currency OR NEW.period_id <> OLD.period_id)",
        "an approved payment batch never changes",
    ),
    guard("payment_batches", Event::Delete, "OLD.state <> 'draft'", "only a draft of a payment batch can be deleted"),
    guard("payment_items", Event::Update, "", "payment items never change"),
    guard(
        "role_grants",
        Event::Update,
        "OLD.revoked_at IS NOT NULL OR NEW.role <> OLD.role OR NEW.user_id <> OLD.user_id",
        "a grant can only be revoked",
    ),
    guard("role_grants", Event::Delete, "", "grants are never deleted"),
    guard("users", Event::Delete, "", "users are disabled, never deleted"),
];

/// Rows that may be deleted only while what they belong to is not final: the state is looked up.
struct Owned {
    table: &'static str,
    /// True of the final owner, with `OLD` the row.
    owner: &'static str,
    message: &'static str,
}

const OWNED: &[Owned] = &[
    Owned {
        table: "sales_lines",
        owner: "SELECT 1 FROM import_batches b WHERE b.num = OLD.id / 268435456 AND b.state = 'published'",
        message: "published sales lines are never deleted",
    },
    Owned {
        table: "sales_blocks",
        owner: "SELECT 1 FROM import_batches b WHERE b.num = OLD.batch_num AND b.state = 'published'",
        message: "published sales lines are never deleted",
    },
    Owned {
        table: "run_participants",
        owner: "SELECT 1 FROM runs r WHERE r.id = OLD.run_id AND r.state NOT IN ('previewed', 'discarded')",
        message: "results of a submitted run are never deleted",
    },
    Owned {
        table: "run_credits",
        owner: "SELECT 1 FROM runs r WHERE r.id = OLD.run_id AND r.state NOT IN ('previewed', 'discarded')",
        message: "credits of a submitted run are never deleted",
    },
    Owned {
        table: "payment_items",
        owner: "SELECT 1 FROM payment_batches b WHERE b.id = OLD.batch_id AND b.state <> 'draft'",
        message: "items of an approved payment batch are never deleted",
    },
];

impl Event {
    fn words(&self) -> (&'static str, &'static str) {
        match self {
            Self::Update => ("UPDATE", "update"),
            Self::Delete => ("DELETE", "delete"),
        }
    }
}

/// The triggers for SQLite.
pub fn sqlite() -> String {
    let mut sql = String::new();
    for (n, guard) in GUARDS.iter().enumerate() {
        let (event, word) = guard.event.words();
        let when = if guard.when.is_empty() { String::new() } else { format!(" WHEN {}", guard.when) };
        sql.push_str(&format!(
            "CREATE TRIGGER {table}_{word}_{n:02} BEFORE {event} ON {table}{when} \
             BEGIN SELECT RAISE(ABORT, 'immutable: {message}'); END;\n",
            table = guard.table,
            message = guard.message,
        ));
    }
    for owned in OWNED {
        sql.push_str(&format!(
            "CREATE TRIGGER {table}_owned BEFORE DELETE ON {table} WHEN EXISTS ({owner}) \
             BEGIN SELECT RAISE(ABORT, 'immutable: {message}'); END;\n",
            table = owned.table,
            owner = owned.owner,
            message = owned.message,
        ));
    }
    sql
}

/// The triggers for PostgreSQL; `TRUNCATE` is refused too where rows are never deleted.
pub fn postgres() -> String {
    let mut sql = String::from(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$\n\
         BEGIN RAISE EXCEPTION 'immutable: %', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$;\n",
    );
    for (n, guard) in GUARDS.iter().enumerate() {
        let (event, word) = guard.event.words();
        let when = if guard.when.is_empty() { String::new() } else { format!(" WHEN ({})", guard.when) };
        sql.push_str(&format!(
            "CREATE TRIGGER {table}_{word}_{n:02} BEFORE {event} ON {table} FOR EACH ROW{when} \
             EXECUTE FUNCTION refuse('{message}');\n",
            table = guard.table,
            message = guard.message,
        ));
        if matches!(guard.event, Event::Delete) && guard.when.is_empty() {
            sql.push_str(&format!(
                "CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} \
                 EXECUTE FUNCTION refuse('{message}');\n",
                table = guard.table,
                message = guard.message,
            ));
        }
    }
    for owned in OWNED {
        sql.push_str(&format!(
            "CREATE FUNCTION {table}_owned() RETURNS trigger LANGUAGE plpgsql AS $$\n\
             BEGIN IF EXISTS ({owner}) THEN RAISE EXCEPTION 'immutable: {message}' \
             USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $$;\n\
             CREATE TRIGGER {table}_owned BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_owned();\n\
             CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION refuse('{message}');\n",
            table = owned.table,
            owner = owned.owner,
            message = owned.message,
        ));
    }
    sql
}
