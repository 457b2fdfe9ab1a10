//! Who acts: a person or a system, in which roles, from which place in the organisation.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A closed set of words that are stored, sent and shown under one spelling.
pub trait Word: Copy + Eq + std::fmt::Debug + 'static {
    /// Every word of the set, in the order in which it is shown.
    const ALL: &'static [Self];
    /// The spelling in the database, on the wire and in the documents.
    fn as_str(self) -> &'static str;
    /// The word spelt `text`, if there is one.
    fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|word| word.as_str() == text)
    }
}

/// Declares an enum together with its spelling: a [`Word`].
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$item_meta:meta])* $item:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$item_meta])* #[serde(rename = $text)] $item,)+ }

        impl $crate::actor::Word for $name {
            const ALL: &'static [Self] = &[$(Self::$item,)+];
            fn as_str(self) -> &'static str {
                match self { $(Self::$item => $text,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str($crate::actor::Word::as_str(*self))
            }
        }
    };
}
pub(crate) use words;

words! {
    /// What somebody is for the company; what each may do is [`crate::access::PERMISSIONS`].
    Role {
        /// The business team: master data, imports, goals, plans, runs.
        Planner = "planner",
        /// Head of a business unit: validates and approves for the unit and all below it.
        BuManager = "bu_manager",
        /// First line manager: proposes goals, answers the team.
        UnitManager = "unit_manager",
        /// In the field: receives, accepts, challenges, disputes.
        Rep = "rep",
        /// Approves costs and payments.
        Finance = "finance",
        /// Sees all units.
        SalesHead = "sales_head",
        /// Reads everything, changes nothing.
        Auditor = "auditor",
        /// Users, roles, settings; no business approvals.
        Admin = "admin",
        /// A back-office system.
        Service = "service",
    }
}

/// Whether a person or a system acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// Signed in with a session.
    Person,
    /// A service client with an access token.
    Service,
    /// The program itself: the command line, a job.
    System,
}

/// Somebody for whom another acts as a substitute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Principal {
    /// The user who delegated.
    pub id: Uuid,
    /// The participant whose pay is that user's own, if any.
    pub participant: Option<Uuid>,
}

/// A role and, for managers, the unit whose subtree it reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RoleGrant {
    /// The role.
    pub role: Role,
    /// Root of the subtree; `None` for roles that have no place.
    pub unit: Option<Uuid>,
}

impl RoleGrant {
    /// A role without a place.
    pub fn everywhere(role: Role) -> Self {
        Self { role, unit: None }
    }
}

/// Who acts. When a substitute acts, the roles and the place are those of the person
/// represented, and both stand for the question "is this their own work?".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The user or service client that really acts.
    pub id: Uuid,
    /// Person, service or the program itself.
    pub kind: ActorKind,
    /// Name as the trail shows it.
    pub name: String,
    /// Roles in force for this request.
    pub roles: Vec<RoleGrant>,
    /// The participant that this user is, if any.
    pub participant: Option<Uuid>,
    /// The person represented, when acting as a substitute.
    pub on_behalf_of: Option<Principal>,
    /// For a service: the operations that its token allows, by name. `None` sets no further limit.
    pub scopes: Option<Vec<String>>,
}

impl Actor {
    /// The program itself, for start-up and the command line.
    pub fn system(name: &str) -> Self {
        Self {
            id: Uuid::nil(),
            kind: ActorKind::System,
            name: name.to_owned(),
            roles: Vec::new(),
            participant: None,
            on_behalf_of: None,
            scopes: None,
        }
    }

    /// Whether `role` is in force.
    pub fn has(&self, role: Role) -> bool {
        self.roles.iter().any(|grant| grant.role == role)
    }

    /// Whether the user `id` is the one who acts or the one for whom they act.
    pub fn is(&self, id: Uuid) -> bool {
        self.id == id || self.on_behalf_of.as_ref().is_some_and(|principal| principal.id == id)
    }

    /// Whether the pay of `participant` is the actor's own, or that of the person represented.
    pub fn is_participant(&self, participant: Uuid) -> bool {
        let represented = self.on_behalf_of.as_ref().and_then(|principal| principal.participant);
        self.participant == Some(participant) || represented == Some(participant)
    }
}
