//! Users, their roles and substitutes. Signed-in sessions are in [`login`], systems in [`client`].

pub mod client;
pub mod login;

use chrono::{DateTime, Utc};
use traguardo_domain::access::Scope;
use traguardo_domain::actor::{Role, RoleGrant, Word};
use traguardo_domain::id::{DelegationId, GrantId, ParticipantId, UnitId, UserId};

use crate::db::list::{self, Source, text};
use crate::db::reach::place;
use crate::db::{Listed, Listing, StoreError, Tx, args, new_id, row};

row! {
    /// Somebody who signs in. An id is never reused, a user never deleted.
    pub struct User {
        /// Its id.
        pub id: UserId,
        /// As it was written.
        pub email: String,
        /// As it is compared.
        pub email_key: String,
        /// As shown.
        pub name: String,
        /// PHC string; absent until the first password is set.
        pub password_hash: Option<String>,
        /// `invited`, `active` or `disabled`.
        pub state: String,
        /// The participant that this user is.
        pub participant_id: Option<ParticipantId>,
        /// Language of pages and mails.
        pub locale: String,
        /// Counts changes.
        pub version: i64,
        /// When it was made.
        pub created_at: DateTime<Utc>,
        /// Last change.
        pub updated_at: DateTime<Utc>,
        /// When the password was set.
        pub password_changed_at: Option<DateTime<Utc>>,
    }
}

/// A user to be.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// As written.
    pub email: String,
    /// As compared: `domain::session::normalize_email` gives it.
    pub email_key: String,
    /// As shown.
    pub name: String,
    /// The participant that this user is.
    pub participant_id: Option<ParticipantId>,
    /// Language.
    pub locale: String,
}

row! {
    /// A role given to a user; ended by `revoked_at`.
    pub struct Grant {
        /// Its id.
        pub id: GrantId,
        /// To whom.
        pub user_id: UserId,
        /// A word of `domain::actor::Role`.
        pub role: String,
        /// Root of the subtree, for roles that have a place.
        pub unit_id: Option<UnitId>,
        /// By whom: a user's id, or the program's.
        pub granted_by: Option<String>,
        /// Since when.
        pub granted_at: DateTime<Utc>,
        /// Until when at most.
        pub expires_at: Option<DateTime<Utc>>,
        /// Who took it.
        pub revoked_by: Option<String>,
        /// When it was taken.
        pub revoked_at: Option<DateTime<Utc>>,
        /// Why it was given.
        pub reason: Option<String>,
    }
}

row! {
    /// A substitute named for a time.
    pub struct Delegation {
        /// Its id.
        pub id: DelegationId,
        /// Who is represented.
        pub from_user_id: UserId,
        /// Who acts.
        pub to_user_id: UserId,
        /// From this moment on.
        pub valid_from: DateTime<Utc>,
        /// Up to this moment.
        pub valid_to: DateTime<Utc>,
        /// Why.
        pub reason: String,
        /// Who made it.
        pub created_by: String,
        /// When.
        pub created_at: DateTime<Utc>,
        /// Ended early.
        pub revoked_at: Option<DateTime<Utc>>,
    }
}

const USER: &str = "u.id, u.email, u.email_key, u.name, u.password_hash, u.state, u.participant_id, u.locale, u.version, \
                    u.created_at, u.updated_at, u.password_changed_at";
const GRANT: &str = "id, user_id, role, unit_id, granted_by, granted_at, expires_at, revoked_by, revoked_at, reason";
const DELEGATION: &str =
    "id, from_user_id, to_user_id, valid_from, valid_to, reason, created_by, created_at, revoked_at";

/// Makes a user without a password; `Exists` when the address is taken by one who is not disabled.
pub async fn create_user(tx: &Tx, new: &NewUser) -> Result<User, StoreError> {
    let id: UserId = new_id();
    tx.execute(
        "INSERT INTO users (id, email, email_key, name, state, participant_id, locale, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, 'invited', $5, $6, $7, $7)",
        args![id, &new.email, &new.email_key, &new.name, new.participant_id, &new.locale, tx.now()],
    )
    .await?;
    user(tx, id).await
}

/// The user.
pub async fn user(tx: &Tx, id: UserId) -> Result<User, StoreError> {
    tx.one("user", id, &format!("SELECT {USER} FROM users u WHERE u.id = $1"), args![id]).await
}

/// The user who is not disabled and has this address (in the form in which addresses are compared).
pub async fn user_by_email(tx: &Tx, email_key: &str) -> Result<Option<User>, StoreError> {
    let sql = format!("SELECT {USER} FROM users u WHERE u.email_key = $1 AND u.state <> 'disabled'");
    tx.maybe(&sql, args![email_key]).await
}

/// How many users there are, of any state: a new installation has none.
pub async fn count_users(tx: &Tx) -> Result<i64, StoreError> {
    tx.number("SELECT COUNT(*) AS value FROM users", vec![]).await
}

const USERS: Source = Source {
    columns: USER,
    from: "users u",
    id: "u.id",
    fields: &[
        text("email", "u.email_key"),
        text("name", "u.name"),
        text("state", "u.state"),
        text("created_at", "u.created_at"),
        text("participant_id", "COALESCE(u.participant_id, '')"),
    ],
    sort: "email",
};

/// Users within reach.
pub async fn users(tx: &Tx, scope: &Scope, listing: &Listing) -> Result<Listed<User>, StoreError> {
    let mut args = Vec::new();
    let condition = crate::db::reach::users(scope, "u.id", &mut args);
    list::list(tx, &USERS, listing, vec![condition], args).await
}

/// Changes name, state, participant and language of a user at `version`.
/// A user who is disabled loses sessions at once: end them in the same transaction.
pub async fn update_user(tx: &Tx, user: &User, version: i64) -> Result<(), StoreError> {
    let rows = tx
        .execute(
            "UPDATE users SET name = $3, state = $4, participant_id = $5, locale = $6, version = version + 1, \
             updated_at = $7 WHERE id = $1 AND version = $2",
            args![user.id, version, &user.name, &user.state, user.participant_id, &user.locale, tx.now()],
        )
        .await?;
    tx.updated(rows, ("users", "user"), user.id, version).await
}

/// Sets the hash of a new password; an invited user becomes active.
pub async fn set_password(tx: &Tx, id: UserId, password_hash: &str) -> Result<(), StoreError> {
    let rows = tx
        .execute(
            "UPDATE users SET password_hash = $2, password_changed_at = $3, updated_at = $3, version = version + 1, \
             state = CASE state WHEN 'invited' THEN 'active' ELSE state END WHERE id = $1",
            args![id, password_hash, tx.now()],
        )
        .await?;
    if rows == 0 { Err(StoreError::not_found("user", id)) } else { Ok(()) }
}

/// Replaces a hash by a stronger one of the same password, unless it was changed meanwhile.
pub async fn rehash_password(tx: &Tx, id: UserId, old: &str, new: &str) -> Result<bool, StoreError> {
    let sql = "UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2";
    Ok(tx.execute(sql, args![id, old, new]).await? > 0)
}

/// Gives a role; `Exists` when the user holds it in that place already.
/// Take `Exclusive::Grant` first where the decision rests on the other roles of the user.
pub async fn grant(
    tx: &Tx,
    user: UserId,
    role: RoleGrant,
    by: &str,
    expires_at: Option<DateTime<Utc>>,
    reason: Option<&str>,
) -> Result<GrantId, StoreError> {
    let id: GrantId = new_id();
    tx.execute(
        "INSERT INTO role_grants (id, user_id, role, unit_id, granted_by, granted_at, expires_at, reason) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![id, user, role.role.as_str(), role.unit, by, tx.now(), expires_at, reason],
    )
    .await?;
    Ok(id)
}

/// Takes a role; not found when it was never given or is taken already.
pub async fn revoke(tx: &Tx, user: UserId, grant: GrantId, by: &str) -> Result<(), StoreError> {
    let sql = "UPDATE role_grants SET revoked_at = $3, revoked_by = $4 \
               WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL";
    let rows = tx.execute(sql, args![grant, user, tx.now(), by]).await?;
    if rows == 0 { Err(StoreError::not_found("role grant", grant)) } else { Ok(()) }
}

/// All grants of a user, ended ones too, oldest first.
pub async fn grants(tx: &Tx, user: UserId) -> Result<Vec<Grant>, StoreError> {
    let sql = format!("SELECT {GRANT} FROM role_grants WHERE user_id = $1 ORDER BY granted_at, id");
    tx.all(&sql, args![user]).await
}

/// Every grant in force at `at`: who could do what then.
pub async fn grants_at(tx: &Tx, at: DateTime<Utc>) -> Result<Vec<Grant>, StoreError> {
    let sql = format!(
        "SELECT {GRANT} FROM role_grants WHERE granted_at <= $1 AND (revoked_at IS NULL OR revoked_at > $1) \
         AND (expires_at IS NULL OR expires_at > $1) ORDER BY user_id, role, id"
    );
    tx.all(&sql, args![at]).await
}

/// The roles of a user that are in force now.
pub async fn roles(tx: &Tx, user: UserId) -> Result<Vec<RoleGrant>, StoreError> {
    let sql = format!(
        "SELECT {GRANT} FROM role_grants WHERE user_id = $1 AND revoked_at IS NULL \
         AND (expires_at IS NULL OR expires_at > $2) ORDER BY role, id"
    );
    let grants: Vec<Grant> = tx.all(&sql, args![user, tx.now()]).await?;
    grants
        .into_iter()
        .map(|grant| match Role::parse(&grant.role) {
            Some(role) => Ok(RoleGrant { role, unit: grant.unit_id.map(|unit| unit.0) }),
            None => Err(StoreError::Corrupt { column: "role".to_owned(), value: grant.role, expected: "role" }),
        })
        .collect()
}

/// Names a substitute.
pub async fn delegate(
    tx: &Tx,
    (from, to): (UserId, UserId),
    (valid_from, valid_to): (DateTime<Utc>, DateTime<Utc>),
    reason: &str,
    by: &str,
) -> Result<DelegationId, StoreError> {
    let id: DelegationId = new_id();
    tx.execute(
        "INSERT INTO delegations (id, from_user_id, to_user_id, valid_from, valid_to, reason, created_by, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![id, from, to, valid_from, valid_to, reason, by, tx.now()],
    )
    .await?;
    Ok(id)
}

/// Ends a delegation that `from` made.
pub async fn end_delegation(tx: &Tx, id: DelegationId, from: UserId) -> Result<(), StoreError> {
    let sql = "UPDATE delegations SET revoked_at = $3 WHERE id = $1 AND from_user_id = $2 AND revoked_at IS NULL";
    let rows = tx.execute(sql, args![id, from, tx.now()]).await?;
    if rows == 0 { Err(StoreError::not_found("delegation", id)) } else { Ok(()) }
}

/// Delegations that a user made or received, ended ones too, latest first.
pub async fn delegations(tx: &Tx, user: UserId) -> Result<Vec<Delegation>, StoreError> {
    let sql = format!(
        "SELECT {DELEGATION} FROM delegations WHERE from_user_id = $1 OR to_user_id = $1 \
         ORDER BY created_at DESC, id DESC"
    );
    tx.all(&sql, args![user]).await
}

/// The delegation from `from` to `to` that is in force now; both must be active.
pub async fn delegation_in_force(tx: &Tx, from: UserId, to: UserId) -> Result<Option<Delegation>, StoreError> {
    let sql = format!(
        "SELECT {DELEGATION} FROM delegations WHERE from_user_id = $1 AND to_user_id = $2 AND revoked_at IS NULL \
         AND valid_from <= $3 AND valid_to > $3 \
         AND (SELECT COUNT(*) FROM users u WHERE u.id IN ($1, $2) AND u.state = 'active') = 2 ORDER BY id LIMIT 1"
    );
    tx.maybe(&sql, args![from, to, tx.now()]).await
}

row! {
    /// A setting of the installation.
    pub struct Setting {
        /// Its name.
        pub name: String,
        /// JSON.
        pub value: String,
        /// Counts changes; 0 means never set.
        pub version: i64,
    }
}

/// A setting, if it was ever set.
pub async fn setting(tx: &Tx, name: &str) -> Result<Option<Setting>, StoreError> {
    tx.maybe("SELECT name, value, version FROM settings WHERE name = $1", args![name]).await
}

/// Sets a setting that is at `version` (0: not there yet).
pub async fn set_setting(tx: &Tx, name: &str, value: &str, version: i64) -> Result<(), StoreError> {
    let mut args = Vec::new();
    let (name_at, value_at, now) = (place(&mut args, name), place(&mut args, value), place(&mut args, tx.now()));
    if version == 0 {
        let sql = format!("INSERT INTO settings (name, value, updated_at) VALUES ({name_at}, {value_at}, {now})");
        tx.execute(&sql, args).await?;
        return Ok(());
    }
    let version_at = place(&mut args, version);
    let sql = format!(
        "UPDATE settings SET value = {value_at}, updated_at = {now}, version = version + 1 \
         WHERE name = {name_at} AND version = {version_at}"
    );
    if tx.execute(&sql, args).await? > 0 {
        return Ok(());
    }
    match setting(tx, name).await? {
        None => Err(StoreError::not_found("setting", name)),
        Some(found) => {
            Err(StoreError::Stale { what: "setting", id: name.to_owned(), expected: version, found: found.version })
        }
    }
}
