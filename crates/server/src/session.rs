//! Sign-in, users, roles, service clients and delegation.

mod client;
mod delegation;
mod link;
mod password;
mod secret;
mod sign_in;
mod token;
mod user;

use traguardo_contract::session::RoleDto;
use traguardo_domain::actor::{Role, RoleGrant, Word};
use traguardo_domain::finding::Finding;

pub use link::invite;
pub use password::Passwords;
pub use secret::{random, random_id, token_hash};
pub use token::Tokens;

use crate::http::Routes;
use crate::problem::ApiError;

/// Adds the feature's routes.
pub fn register(routes: &mut Routes) {
    sign_in::register(routes);
    link::register(routes);
    user::register(routes);
    client::register(routes);
    delegation::register(routes);
}

/// Roles as they travel.
fn show_roles(roles: &[RoleGrant]) -> Vec<RoleDto> {
    roles.iter().map(|grant| RoleDto { role: grant.role.to_string(), unit_id: grant.unit }).collect()
}

/// Roles as they were sent, refused where one person must not have them.
pub fn read_roles(roles: &[RoleDto], has_participant: bool) -> Result<Vec<RoleGrant>, ApiError> {
    let mut findings = Vec::new();
    let mut grants = Vec::new();
    for (index, dto) in roles.iter().enumerate() {
        let path = format!("$.roles[{index}]");
        match Role::parse(&dto.role) {
            None => findings.push(Finding::error(
                "unknown_role",
                format!("{path}.role"),
                format!("there is no role `{}`", dto.role),
            )),
            Some(role) => {
                let grant = RoleGrant { role, unit: dto.unit_id };
                let manager = matches!(role, Role::BuManager | Role::UnitManager);
                if manager != dto.unit_id.is_some() {
                    let text =
                        if manager { "a manager needs the unit that they manage" } else { "only managers have a unit" };
                    findings.push(Finding::error("role_unit", format!("{path}.unit_id"), text));
                }
                if grants.contains(&grant) {
                    findings.push(Finding::error("role_twice", path, format!("the role `{role}` is listed twice")));
                }
                grants.push(grant);
            }
        }
    }
    let words: Vec<Role> = grants.iter().map(|grant| grant.role).collect();
    findings.extend(traguardo_domain::session::check_roles(&words, true, has_participant));
    ApiError::check(&findings)?;
    Ok(grants)
}
