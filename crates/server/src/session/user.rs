//! Users and their roles.

use traguardo_contract::problem::ProblemCode;
use traguardo_contract::session::{
    ChangeUser, CreateUser, DeactivateUser, EndUserSessions, GetUser, ListUsers, SetRoles, UserDto,
};
use traguardo_domain::actor::RoleGrant;
use traguardo_domain::finding::Finding;
use traguardo_domain::id::UserId;
use traguardo_domain::session::normalize_email;
use traguardo_store::db::Exclusive;
use traguardo_store::session::login;
use traguardo_store::session::{self as users, NewUser, User};
use traguardo_store::{Listing, Tx};

use super::{read_roles, show_roles};
use crate::http::{Answer, Body, Permit, Query, Routes, listing, write};
use crate::problem::ApiError;

pub fn register(routes: &mut Routes) {
    routes.on(list).on(create).on(get).on(change).on(set_roles).on(deactivate).on(end_sessions);
}

/// A user as it travels.
async fn show(tx: &Tx, user: &User) -> Result<UserDto, ApiError> {
    let roles = users::roles(tx, user.id).await?;
    Ok(UserDto {
        id: user.id.0,
        email: user.email.clone(),
        name: user.name.clone(),
        state: user.state.clone(),
        locale: user.locale.clone(),
        participant_id: user.participant_id.map(|id| id.0),
        roles: show_roles(&roles),
        created_at: user.created_at,
        version: user.version,
    })
}

async fn list(permit: Permit<ListUsers>, query: Query<ListUsers>) -> Result<Answer<ListUsers>, ApiError> {
    let listing: Listing = listing(&query.0)?;
    let read = async |tx: &Tx| {
        let listed = users::users(tx, &permit.scope, &listing).await?;
        let mut shown = Vec::new();
        for user in &listed.items {
            shown.push(show(tx, user).await?);
        }
        Ok::<_, ApiError>((listed.next_cursor, listed.total, shown))
    };
    let (next_cursor, total, items) = permit.state.db.read_tx(read).await?;
    Answer::page(traguardo_store::Listed { items, next_cursor, total }, |user| user)
}

async fn get(permit: Permit<GetUser>) -> Result<Answer<GetUser>, ApiError> {
    let id: UserId = permit.id()?;
    let read = async |tx: &Tx| show(tx, &users::user(tx, id).await?).await;
    let user = permit.state.db.read_tx(read).await?;
    Ok(Answer::json(&user)?.version(user.version))
}

/// Name and language, where they can be used.
fn check_name(name: &str, locale: &str) -> Result<(), ApiError> {
    let mut findings = Vec::new();
    let count = name.trim().chars().count();
    if count == 0 || count > 200 || name.chars().any(char::is_control) {
        findings.push(Finding::error("name", "$.name", "a name has 1 to 200 characters").help("write the full name"));
    }
    if !matches!(locale, "it" | "en") {
        findings.push(
            Finding::error("locale", "$.locale", format!("`{locale}` is neither `it` nor `en`")).help("choose one"),
        );
    }
    ApiError::check(&findings)
}

async fn create(permit: Permit<CreateUser>, body: Body<CreateUser>) -> Result<Answer<CreateUser>, ApiError> {
    let given = &body.value;
    let locale = given.locale.clone().unwrap_or_else(|| "it".to_owned());
    check_name(&given.name, &locale)?;
    let email_key = normalize_email(&given.email).map_err(|finding| ApiError::findings(&[finding]))?;
    let roles = read_roles(&given.roles, given.participant_id.is_some())?;
    let new = NewUser {
        email: given.email.trim().to_owned(),
        email_key,
        name: given.name.trim().to_owned(),
        participant_id: given.participant_id.map(Into::into),
        locale,
    };
    write(&permit, &body.sha256, async |tx: &Tx| {
        let user = users::create_user(tx, &new).await?;
        give(tx, &permit.actor.id.to_string(), user.id, &roles, None).await?;
        let shown = show(tx, &user).await?;
        permit.note(tx, "user.create", user.id, None::<&()>, Some(&shown));
        Ok(Answer::json(&shown)?.version(shown.version).location(&format!("/users/{}", user.id)))
    })
    .await
}

/// Gives each of `roles`.
pub async fn give(tx: &Tx, by: &str, user: UserId, roles: &[RoleGrant], reason: Option<&str>) -> Result<(), ApiError> {
    for grant in roles {
        users::grant(tx, user, *grant, by, None, reason).await?;
    }
    Ok(())
}

async fn change(permit: Permit<ChangeUser>, body: Body<ChangeUser>) -> Result<Answer<ChangeUser>, ApiError> {
    let (id, given) = (permit.id::<UserId>()?, &body.value);
    check_name(&given.name, &given.locale)?;
    write(&permit, &body.sha256, async |tx: &Tx| {
        let before = users::user(tx, id).await?;
        let after = User {
            name: given.name.trim().to_owned(),
            locale: given.locale.clone(),
            participant_id: given.participant_id.map(Into::into),
            ..before.clone()
        };
        if after.participant_id != before.participant_id && permit.actor.is(id.0) {
            return Err(ApiError::new(ProblemCode::OwnWork, "nobody says themselves which participant they are"));
        }
        let shown_before = show(tx, &before).await?;
        users::update_user(tx, &after, permit.request.version).await?;
        let shown = show(tx, &users::user(tx, id).await?).await?;
        permit.note(tx, "user.change", id, Some(&shown_before), Some(&shown));
        Ok(Answer::json(&shown)?.version(shown.version))
    })
    .await
}

async fn set_roles(permit: Permit<SetRoles>, body: Body<SetRoles>) -> Result<Answer<SetRoles>, ApiError> {
    let (id, given) = (permit.id::<UserId>()?, &body.value);
    if permit.actor.is(id.0) {
        return Err(ApiError::new(ProblemCode::OwnWork, "nobody changes their own roles"));
    }
    let reason = reason(&given.reason)?;
    write(&permit, &body.sha256, async |tx: &Tx| {
        tx.exclusive(Exclusive::Grant).await?;
        let before = users::user(tx, id).await?;
        let shown_before = show(tx, &before).await?;
        let wanted = read_roles(&given.roles, before.participant_id.is_some())?;
        users::update_user(tx, &before, permit.request.version).await?;
        replace(tx, &permit.actor.id.to_string(), id, &wanted, reason).await?;
        // A session begun with other rights does not go on.
        login::end_all(tx, id, None, "roles").await?;
        let shown = show(tx, &users::user(tx, id).await?).await?;
        let event = permit.event("user.set_roles", id).reason(reason);
        tx.note(event.before(to_json(&shown_before)).after(to_json(&shown)));
        Ok(Answer::json(&shown)?.version(shown.version))
    })
    .await
}

fn to_json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// A reason that says something.
pub fn reason(text: &str) -> Result<&str, ApiError> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 2000 {
        return Err(ApiError::at(
            ProblemCode::ValidationFailed,
            "reason",
            "$.reason",
            "give a reason of 1 to 2000 characters",
        ));
    }
    Ok(text)
}

/// Takes the roles that are not wanted and gives those that are missing.
async fn replace(tx: &Tx, by: &str, user: UserId, wanted: &[RoleGrant], reason: &str) -> Result<(), ApiError> {
    let held = users::roles(tx, user).await?;
    for grant in users::grants(tx, user).await? {
        let kept =
            wanted.iter().any(|one| one.role.to_string() == grant.role && one.unit == grant.unit_id.map(|unit| unit.0));
        if grant.revoked_at.is_none() && !kept {
            users::revoke(tx, user, grant.id, by).await?;
        }
    }
    let missing: Vec<RoleGrant> = wanted.iter().copied().filter(|one| !held.contains(one)).collect();
    give(tx, by, user, &missing, Some(reason)).await
}

async fn deactivate(
    permit: Permit<DeactivateUser>,
    body: Body<DeactivateUser>,
) -> Result<Answer<DeactivateUser>, ApiError> {
    let id = permit.id::<UserId>()?;
    let reason = reason(&body.value.reason)?;
    if permit.actor.is(id.0) {
        return Err(ApiError::new(ProblemCode::OwnWork, "nobody deactivates themselves"));
    }
    write(&permit, &body.sha256, async |tx: &Tx| {
        let before = users::user(tx, id).await?;
        if before.state == "disabled" {
            return Err(ApiError::new(ProblemCode::IllegalTransition, "the user is disabled already"));
        }
        let after = User { state: "disabled".to_owned(), ..before };
        users::update_user(tx, &after, permit.request.version).await?;
        login::end_all(tx, id, None, "disabled").await?;
        let shown = show(tx, &users::user(tx, id).await?).await?;
        tx.note(permit.event("user.deactivate", id).reason(reason).after(to_json(&shown)));
        Ok(Answer::json(&shown)?.version(shown.version))
    })
    .await
}

async fn end_sessions(permit: Permit<EndUserSessions>) -> Result<Answer<EndUserSessions>, ApiError> {
    let id: UserId = permit.id()?;
    let end = async |tx: &Tx| {
        users::user(tx, id).await?;
        login::end_all(tx, id, None, "admin").await?;
        tx.note(permit.event("user.end_sessions", id));
        Ok::<_, ApiError>(())
    };
    permit.state.db.write_tx(end).await?;
    Ok(Answer::nothing())
}
