//! Row scope in SQL: what of a table an actor reaches.

use traguardo_domain::access::Scope;

use super::{Param, moment_text};
use sea_orm::Value;

/// Adds `value` and gives its placeholder.
pub(crate) fn place(args: &mut Vec<Value>, value: impl Param) -> String {
    args.push(value.value());
    format!("${}", args.len())
}

/// The ids of the units in the subtrees of `roots`, as a subquery. Empty roots: no unit.
pub(crate) fn subtree(args: &mut Vec<Value>, roots: &[uuid::Uuid]) -> String {
    if roots.is_empty() {
        return "SELECT NULL WHERE 1 = 0".to_owned();
    }
    let places: Vec<String> = roots.iter().map(|root| place(args, *root)).collect();
    format!(
        "WITH RECURSIVE below (id) AS (SELECT id FROM units WHERE id IN ({}) \
         UNION SELECT u.id FROM units u JOIN below b ON u.parent_id = b.id) SELECT id FROM below",
        places.join(", ")
    )
}

/// Where the participant in `column` is reached: the whole company, or who is now in one of the
/// units (after leaving: was last), and the actor's own.
pub(crate) fn participants(
    scope: &Scope,
    column: &str,
    today: chrono::DateTime<chrono::Utc>,
    args: &mut Vec<Value>,
) -> String {
    match scope {
        Scope::All => "1 = 1".to_owned(),
        Scope::Within { units, participant, .. } => {
            let mut any = vec!["1 = 0".to_owned()];
            if let Some(own) = participant {
                any.push(format!("{column} = {}", place(args, *own)));
            }
            if !units.is_empty() {
                let day = place(args, moment_text(today).chars().take(10).collect::<String>());
                let units = subtree(args, units);
                // The version in force today, or else the last one before, or else the first one.
                any.push(format!(
                    "{column} IN (SELECT v.participant_id FROM participant_versions v WHERE v.unit_id IN ({units}) \
                     AND v.valid_from = COALESCE(\
                     (SELECT MAX(w.valid_from) FROM participant_versions w \
                     WHERE w.participant_id = v.participant_id AND w.valid_from <= {day}), \
                     (SELECT MIN(w.valid_from) FROM participant_versions w WHERE w.participant_id = v.participant_id)))"
                ));
            }
            format!("({})", any.join(" OR "))
        }
    }
}

/// Where the unit in `column` is reached.
pub(crate) fn units(scope: &Scope, column: &str, args: &mut Vec<Value>) -> String {
    match scope {
        Scope::All => "1 = 1".to_owned(),
        Scope::Within { units, .. } => format!("{column} IN ({})", subtree(args, units)),
    }
}

/// Where the user in `column` is reached: the actor's own, or everybody's.
pub(crate) fn users(scope: &Scope, column: &str, args: &mut Vec<Value>) -> String {
    match scope {
        Scope::All => "1 = 1".to_owned(),
        Scope::Within { user: Some(user), .. } => format!("{column} = {}", place(args, *user)),
        Scope::Within { user: None, .. } => "1 = 0".to_owned(),
    }
}
