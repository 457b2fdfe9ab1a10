//! Sign-in, users, roles, service clients and delegation.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use traguardo_domain::access::Operation;
use uuid::Uuid;

use crate::endpoint::{Form, Json, Nothing, Permission};
use crate::page::Page;

/// A role and, for managers, the unit whose subtree it reaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RoleDto {
    /// One of `planner`, `bu_manager`, `unit_manager`, `rep`, `finance`, `sales_head`, `auditor`, `admin`.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[a-z_]{1,40}$"))]
    pub role: String,
    /// Root of the subtree; managers only.
    #[serde(default)]
    pub unit_id: Option<Uuid>,
}

/// E-mail and password of a person.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignInBody {
    /// The address under which the user is known.
    #[cfg_attr(feature = "openapi", schema(max_length = 254, example = "giulia.bianchi@aurora.example"))]
    pub email: String,
    /// The password, verbatim.
    #[cfg_attr(feature = "openapi", schema(max_length = 1024, example = "seven wet ferns and a goose"))]
    pub password: String,
}

/// The password, once more, before an act that needs it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConfirmBody {
    /// The password, verbatim.
    #[cfg_attr(feature = "openapi", schema(max_length = 1024))]
    pub password: String,
}

/// A change of one's own password.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasswordBody {
    /// The password until now.
    #[cfg_attr(feature = "openapi", schema(max_length = 1024))]
    pub current: String,
    /// The password from now on: at least 15 characters.
    #[cfg_attr(feature = "openapi", schema(max_length = 1024))]
    pub password: String,
}

/// The use of a one-time link.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RedeemBody {
    /// What stands after `#` in the link.
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub token: String,
    /// The password from now on: at least 15 characters.
    #[cfg_attr(feature = "openapi", schema(max_length = 1024))]
    pub password: String,
}

/// Who is signed in and what they may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    /// The user.
    pub id: Uuid,
    /// Name as others see it.
    pub name: String,
    /// Address.
    pub email: String,
    /// Language of the pages, `it` or `en`.
    pub locale: String,
    /// Roles in force.
    pub roles: Vec<RoleDto>,
    /// The participant who this user is, if any.
    pub participant_id: Option<Uuid>,
    /// Names of the operations permitted, for showing what can be used.
    pub permissions: Vec<String>,
    /// When the session ends at the latest.
    pub expires_at: DateTime<Utc>,
    /// The people for whom this user may act now.
    pub may_represent: Vec<Represented>,
}

/// Somebody for whom the user may act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Represented {
    /// Give it in the header `Traguardo-On-Behalf-Of`.
    pub user_id: Uuid,
    /// Name of the person.
    pub name: String,
    /// Until when.
    pub until: DateTime<Utc>,
}

/// One session of a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionDto {
    /// Identifies the session; it is not the secret.
    pub id: Uuid,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_seen_at: DateTime<Utc>,
    /// When it ends at the latest.
    pub expires_at: DateTime<Utc>,
    /// The network address it began from.
    pub address: Option<String>,
    /// The browser as it named itself.
    pub user_agent: Option<String>,
    /// Whether this request came with it.
    pub current: bool,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserDto {
    /// Identifies the user; never given to another.
    pub id: Uuid,
    /// Address.
    pub email: String,
    /// Name as others see it.
    pub name: String,
    /// `invited` until the link is used, then `active`; `disabled` for good.
    pub state: String,
    /// Language of the pages, `it` or `en`.
    pub locale: String,
    /// The participant who this user is, if any.
    pub participant_id: Option<Uuid>,
    /// Roles in force.
    pub roles: Vec<RoleDto>,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// Counts changes; the ETag.
    pub version: i64,
}

/// A user to create.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UserBody {
    /// Address.
    #[cfg_attr(feature = "openapi", schema(max_length = 254, example = "marco.rossi@aurora.example"))]
    pub email: String,
    /// Name as others see it.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200, example = "Marco Rossi"))]
    pub name: String,
    /// Language of the pages, `it` or `en`; `it` where it is not given.
    #[serde(default)]
    pub locale: Option<String>,
    /// The participant who this user is, if any.
    #[serde(default)]
    pub participant_id: Option<Uuid>,
    /// Roles.
    #[serde(default)]
    pub roles: Vec<RoleDto>,
}

/// What may be changed of a user without changing what they may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UserChange {
    /// Name as others see it.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub name: String,
    /// Language of the pages, `it` or `en`.
    pub locale: String,
    /// The participant who this user is, if any.
    pub participant_id: Option<Uuid>,
}

/// The roles that a user has from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RolesBody {
    /// All of them; what is not listed is taken.
    pub roles: Vec<RoleDto>,
    /// Why.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 2000))]
    pub reason: String,
}

/// A reason for an act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReasonBody {
    /// Why; the trail keeps it.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 2000, example = "left the company"))]
    pub reason: String,
}

/// A user with the link for choosing a password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LinkDto {
    /// The user.
    pub user_id: Uuid,
    /// The link, shown this once; hand it over on a safe way.
    pub link: String,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
}

list_query! {
    /// Filters of the list of users.
    UserQuery {
        /// Only the one with this address, in lower case.
        email: String,
        /// Only those with this name.
        name: String,
        /// Only the users of this participant.
        participant_id: Uuid,
        /// Only those in this state.
        state: String,
    }
}

list_query! {
    /// A list without filters.
    PlainQuery {}
}

/// A system that uses the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClientDto {
    /// Its `client_id`.
    pub id: Uuid,
    /// What it is.
    pub name: String,
    /// The operations that its tokens allow.
    pub scopes: Vec<String>,
    /// `active` or `disabled`.
    pub state: String,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// Counts changes; the ETag.
    pub version: i64,
}

/// A system to create.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ClientBody {
    /// What it is; unique.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200, example = "ERP sales feed"))]
    pub name: String,
    /// The operations that its tokens allow, among those of the role `service`.
    #[cfg_attr(feature = "openapi", schema(example = json!(["sales.import", "sales.read"])))]
    pub scopes: Vec<String>,
}

/// A system with its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClientSecretDto {
    /// The system.
    pub client: ClientDto,
    /// The secret, shown this once.
    pub secret: String,
}

/// A request for an access token (RFC 6749, client credentials).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TokenBody {
    /// Always `client_credentials`.
    pub grant_type: String,
    /// The id of the system; or give it as HTTP Basic user.
    #[serde(default)]
    pub client_id: Option<String>,
    /// Its secret; or give it as HTTP Basic password.
    #[serde(default)]
    pub client_secret: Option<String>,
    /// Operations asked for, separated by blanks; all that the system has where it is not given.
    #[serde(default)]
    pub scope: Option<String>,
}

/// An access token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokenDto {
    /// Send it as `Authorization: Bearer …`.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: String,
    /// Seconds for which it is good.
    pub expires_in: u32,
    /// What it allows.
    pub scope: String,
}

/// A substitution for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DelegationDto {
    /// Identifies it.
    pub id: Uuid,
    /// Who is represented.
    pub from_user_id: Uuid,
    /// Who acts.
    pub to_user_id: Uuid,
    /// From when.
    pub valid_from: DateTime<Utc>,
    /// Until when.
    pub valid_to: DateTime<Utc>,
    /// Why.
    pub reason: String,
    /// When it was ended before its time.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// A substitute to name for oneself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DelegationBody {
    /// Address of the user who acts.
    #[cfg_attr(feature = "openapi", schema(max_length = 254))]
    pub to_email: String,
    /// From when.
    pub valid_from: DateTime<Utc>,
    /// Until when; at most 90 days.
    pub valid_to: DateTime<Utc>,
    /// Why.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 2000, example = "holidays"))]
    pub reason: String,
}

const OWN: Permission = Permission::Needs(Operation::SessionOwn);
const READ: Permission = Permission::Needs(Operation::UserRead);
const MANAGE: Permission = Permission::Needs(Operation::UserManage);
const GRANT: Permission = Permission::Needs(Operation::UserGrant);
const CLIENTS: Permission = Permission::Needs(Operation::ClientManage);
const DELEGATE: Permission = Permission::Needs(Operation::DelegationOwn);

endpoints! { "session";
    /// Sign in with e-mail and password.
    ///
    /// Sets the session cookie. An unknown address and a wrong password are answered alike.
    SignIn: Post "/session" "sign_in", Permission::Public, [],
        query Nothing, body Json<SignInBody>, answer 200 Json<Me>, problems [SignInFailed CrossSite TooManyRequests];
    /// Who is signed in, and what they may do.
    GetSession: Get "/session" "get_session", OWN, [],
        query Nothing, body Nothing, answer 200 Json<Me>, problems [];
    /// Sign out.
    ///
    /// Ends the session at once and asks the browser to forget what it kept.
    SignOut: Delete "/session" "sign_out", OWN, [],
        query Nothing, body Nothing, answer 204 Nothing, problems [];
    /// Give the password again.
    ///
    /// Some acts need a password given within the last minutes. The session gets a new id.
    ConfirmSession: Post "/session/confirm" "confirm_session", OWN, [],
        query Nothing, body Json<ConfirmBody>, answer 200 Json<Me>, problems [SignInFailed TooManyRequests];
    /// Change one's own password.
    ///
    /// Ends all other sessions of the user.
    ChangePassword: Put "/session/password" "change_password", OWN, [],
        query Nothing, body Json<PasswordBody>, answer 204 Nothing, problems [SignInFailed ValidationFailed TooManyRequests];
    /// Use a one-time link to choose a password.
    RedeemLink: Post "/one-time-links/redeem" "redeem_link", Permission::Public, [],
        query Nothing, body Json<RedeemBody>, answer 204 Nothing, problems [LinkInvalid ValidationFailed CrossSite TooManyRequests];
    /// One's own live sessions.
    ListSessions: Get "/sessions" "list_sessions", OWN, [],
        query Nothing, body Nothing, answer 200 Json<Page<SessionDto>>, problems [];
    /// End one of one's own sessions.
    EndSession: Delete "/sessions/{id}" "end_session", OWN, [],
        query Nothing, body Nothing, answer 204 Nothing, problems [];

    /// Users, by name.
    ListUsers: Get "/users" "list_users", READ, [],
        query UserQuery, body Nothing, answer 200 Json<Page<UserDto>>, problems [];
    /// Create a user.
    ///
    /// The user chooses a password by a one-time link; nobody else ever knows it.
    CreateUser: Post "/users" "create_user", GRANT, [keyed stepup],
        query Nothing, body Json<UserBody>, answer 201 Json<UserDto>, problems [AlreadyExists ValidationFailed OwnWork];
    /// One user.
    GetUser: Get "/users/{id}" "get_user", READ, [],
        query Nothing, body Nothing, answer 200 Json<UserDto>, problems [];
    /// Change name, language or participant of a user.
    ChangeUser: Put "/users/{id}" "change_user", MANAGE, [versioned],
        query Nothing, body Json<UserChange>, answer 200 Json<UserDto>, problems [ValidationFailed];
    /// Set the roles of a user.
    ///
    /// Duties that exclude each other are refused, and nobody changes their own roles. It bites on the user's next request.
    SetRoles: Put "/users/{id}/roles" "set_roles", GRANT, [versioned stepup],
        query Nothing, body Json<RolesBody>, answer 200 Json<UserDto>, problems [ValidationFailed OwnWork];
    /// Deactivate a user.
    ///
    /// Ends all their sessions at once. The id is never given to another.
    DeactivateUser: Post "/users/{id}/deactivate" "deactivate_user", MANAGE, [keyed versioned],
        query Nothing, body Json<ReasonBody>, answer 200 Json<UserDto>, problems [OwnWork ValidationFailed IllegalTransition];
    /// Make a one-time link for a user.
    ///
    /// With it the user chooses a new password. Earlier links of the user are void.
    CreateLink: Post "/users/{id}/one-time-links" "create_one_time_link", MANAGE, [stepup],
        query Nothing, body Nothing, answer 201 Json<LinkDto>, problems [IllegalTransition];
    /// End all sessions of a user.
    EndUserSessions: Delete "/users/{id}/sessions" "end_user_sessions", MANAGE, [],
        query Nothing, body Nothing, answer 204 Nothing, problems [];

    /// Systems that use the API.
    ListClients: Get "/service-clients" "list_service_clients", READ, [],
        query PlainQuery, body Nothing, answer 200 Json<Page<ClientDto>>, problems [];
    /// Create a system; its secret is shown this once.
    CreateClient: Post "/service-clients" "create_service_client", CLIENTS, [stepup],
        query Nothing, body Json<ClientBody>, answer 201 Json<ClientSecretDto>, problems [AlreadyExists ValidationFailed];
    /// One system.
    GetClient: Get "/service-clients/{id}" "get_service_client", READ, [],
        query Nothing, body Nothing, answer 200 Json<ClientDto>, problems [];
    /// Give a system a new secret, shown this once; the ones before are void.
    RotateClientSecret: Post "/service-clients/{id}/secrets" "rotate_service_client_secret", CLIENTS, [stepup],
        query Nothing, body Nothing, answer 201 Json<ClientSecretDto>, problems [IllegalTransition];
    /// Deactivate a system; its tokens are void at once.
    DeactivateClient: Post "/service-clients/{id}/deactivate" "deactivate_service_client", CLIENTS, [keyed versioned],
        query Nothing, body Json<ReasonBody>, answer 200 Json<ClientDto>, problems [ValidationFailed IllegalTransition];
    /// Get an access token (OAuth 2.0 client credentials).
    IssueToken: Post "/oauth/token" "issue_token", Permission::Public, [],
        query Nothing, body Form<TokenBody>, answer 200 Json<TokenDto>, problems [ClientRejected ValidationFailed TooManyRequests];

    /// Substitutions given and received.
    ListDelegations: Get "/delegations" "list_delegations", DELEGATE, [],
        query PlainQuery, body Nothing, answer 200 Json<Page<DelegationDto>>, problems [];
    /// Name a substitute for oneself for a time.
    ///
    /// The substitute acts with one's roles and place; the trail shows both. It never lets anyone approve their own work.
    CreateDelegation: Post "/delegations" "create_delegation", DELEGATE, [keyed],
        query Nothing, body Json<DelegationBody>, answer 201 Json<DelegationDto>, problems [ValidationFailed];
    /// End a substitution before its time.
    RevokeDelegation: Post "/delegations/{id}/revoke" "revoke_delegation", DELEGATE, [keyed],
        query Nothing, body Nothing, answer 200 Json<DelegationDto>, problems [IllegalTransition];
}
