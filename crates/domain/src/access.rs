//! Who may do what, as data: operations, the permission table, reach and the duties that exclude each other.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::actor::{Actor, ActorKind, Role, RoleGrant, Word, words};

words! {
    /// What can be permitted. Every endpoint and every workflow action names exactly one.
    Operation {
        /// See, end and renew one's own sessions, password and profile.
        SessionOwn = "session.own",
        /// Name a substitute for oneself, see one's delegations.
        DelegationOwn = "delegation.own",
        /// Read users, their roles and sessions, and service clients.
        UserRead = "user.read",
        /// Create and deactivate users, start a reset, end their sessions.
        UserManage = "user.manage",
        /// Grant and take roles.
        UserGrant = "user.grant",
        /// Create and deactivate service clients.
        ClientManage = "client.manage",
        /// Read people, units, reporting lines, absences and who holds which territory.
        OrganizationRead = "organization.read",
        /// Write people, units and absences.
        OrganizationWrite = "organization.write",
        /// Read territories.
        TerritoryRead = "territory.read",
        /// Write territories and who holds them.
        TerritoryWrite = "territory.write",
        /// Read products and categories.
        ProductRead = "product.read",
        /// Write products and categories.
        ProductWrite = "product.write",
        /// Read periods.
        PeriodRead = "period.read",
        /// Open periods.
        PeriodManage = "period.manage",
        /// Read sales lines, KPIs and import batches.
        SalesRead = "sales.read",
        /// Import files of any kind.
        SalesImport = "sales.import",
        /// Read goals.
        GoalRead = "goal.read",
        /// Import goals and write drafts.
        GoalWrite = "goal.write",
        /// Propose a goal.
        GoalPropose = "goal.propose",
        /// Validate a proposed goal.
        GoalValidate = "goal.validate",
        /// Send a goal back with a reason.
        GoalReturn = "goal.return",
        /// Accept or challenge one's own goal.
        GoalAnswer = "goal.answer",
        /// Uphold or revise a challenged goal.
        GoalResolve = "goal.resolve",
        /// Begin a new version of an accepted goal.
        GoalRevise = "goal.revise",
        /// Read plans and their versions.
        PlanRead = "plan.read",
        /// Write plan drafts.
        PlanDesign = "plan.design",
        /// Submit a plan version for approval.
        PlanSubmit = "plan.submit",
        /// Approve or return a submitted plan version.
        PlanApprove = "plan.approve",
        /// Publish an approved plan version, retire a published one.
        PlanPublish = "plan.publish",
        /// Read who is on which plan.
        AssignmentRead = "assignment.read",
        /// Put people on a published plan version.
        AssignmentPropose = "assignment.propose",
        /// Approve assignments of the unit.
        AssignmentApprove = "assignment.approve",
        /// Accept or contest one's own plan.
        AssignmentAnswer = "assignment.answer",
        /// Uphold or revise a contested assignment.
        AssignmentResolve = "assignment.resolve",
        /// Read runs, their checks and differences.
        RunRead = "run.read",
        /// Calculate a preview.
        RunPreview = "run.preview",
        /// Submit a run for approval.
        RunSubmit = "run.submit",
        /// Approve or return a submitted run.
        RunApprove = "run.approve",
        /// Publish an approved run: statements are issued.
        RunPublish = "run.publish",
        /// Close the period of a published run.
        RunClose = "run.close",
        /// Ask for a new run of a closed period.
        RunReopen = "run.reopen",
        /// Read statements and their derivation.
        StatementRead = "statement.read",
        /// See attainment and earnings to date.
        StandingRead = "standing.read",
        /// Read adjustments.
        AdjustmentRead = "adjustment.read",
        /// Ask for an adjustment.
        AdjustmentRequest = "adjustment.request",
        /// Approve or refuse an adjustment.
        AdjustmentApprove = "adjustment.approve",
        /// Read disputes.
        DisputeRead = "dispute.read",
        /// Open a dispute on one's own statement, accept or escalate its answer.
        DisputeOwn = "dispute.own",
        /// Review and answer a dispute.
        DisputeAnswer = "dispute.answer",
        /// Resolve an escalated dispute.
        DisputeResolve = "dispute.resolve",
        /// Read payment batches.
        PaymentRead = "payment.read",
        /// Make a payment batch from published results.
        PaymentPrepare = "payment.prepare",
        /// Approve a payment batch.
        PaymentApprove = "payment.approve",
        /// Export an approved payment batch.
        PaymentExport = "payment.export",
        /// Confirm that an exported batch was paid.
        PaymentConfirm = "payment.confirm",
        /// Read the audit trail.
        AuditRead = "audit.read",
        /// Take the evidence pack of a period.
        EvidenceTake = "evidence.take",
        /// Follow long work.
        JobRead = "job.read",
        /// Cancel and retry long work.
        JobControl = "job.control",
        /// Use the stateless calculator.
        CalculatorUse = "calculator.use",
    }
}

words! {
    /// How far a permission goes.
    Reach {
        /// What concerns the actor alone.
        Own = "own",
        /// The actor's unit and all units below it.
        Unit = "unit",
        /// Everything.
        All = "all",
    }
}

type Grants = &'static [(Role, Reach)];

use Reach::{All, Own, Unit};
use Role::{Admin, Auditor, BuManager, Finance, Planner, Rep, SalesHead, Service, UnitManager};

const EVERYBODY: Grants = &[
    (Planner, All),
    (BuManager, All),
    (UnitManager, All),
    (Rep, All),
    (Finance, All),
    (SalesHead, All),
    (Auditor, All),
    (Admin, All),
    (Service, All),
];
const EVERY_PERSON_OWN: Grants = &[
    (Planner, Own),
    (BuManager, Own),
    (UnitManager, Own),
    (Rep, Own),
    (Finance, Own),
    (SalesHead, Own),
    (Auditor, Own),
    (Admin, Own),
];
const BY_PLACE: Grants = &[
    (Planner, All),
    (BuManager, Unit),
    (UnitManager, Unit),
    (Rep, Own),
    (Finance, All),
    (SalesHead, All),
    (Auditor, All),
    (Service, All),
];
const BY_PLACE_AND_ADMIN: Grants = &[
    (Planner, All),
    (BuManager, Unit),
    (UnitManager, Unit),
    (Rep, Own),
    (Finance, All),
    (SalesHead, All),
    (Auditor, All),
    (Admin, All),
    (Service, All),
];
const MASTER_DATA: Grants = &[(Planner, All), (Service, All)];
const JOBS: Grants = &[(Planner, Own), (BuManager, Own), (Finance, Own), (Auditor, Own), (Admin, All), (Service, Own)];

/// The permission table: who may do what, and how far. What is not written here is refused.
pub const PERMISSIONS: &[(Operation, Grants)] = &[
    (Operation::SessionOwn, EVERY_PERSON_OWN),
    (Operation::DelegationOwn, EVERY_PERSON_OWN),
    (Operation::UserRead, &[(Auditor, All), (Admin, All)]),
    (Operation::UserManage, &[(Admin, All)]),
    (Operation::UserGrant, &[(Admin, All)]),
    (Operation::ClientManage, &[(Admin, All)]),
    (Operation::OrganizationRead, BY_PLACE_AND_ADMIN),
    (Operation::OrganizationWrite, MASTER_DATA),
    (Operation::TerritoryRead, EVERYBODY),
    (Operation::TerritoryWrite, MASTER_DATA),
    (Operation::ProductRead, EVERYBODY),
    (Operation::ProductWrite, MASTER_DATA),
    (Operation::PeriodRead, EVERYBODY),
    (Operation::PeriodManage, &[(Planner, All)]),
    (Operation::SalesRead, BY_PLACE),
    (Operation::SalesImport, MASTER_DATA),
    (Operation::GoalRead, BY_PLACE),
    (Operation::GoalWrite, MASTER_DATA),
    (Operation::GoalPropose, &[(Planner, All), (UnitManager, Unit)]),
    (Operation::GoalValidate, &[(BuManager, Unit)]),
    (Operation::GoalReturn, &[(Planner, All), (BuManager, Unit), (UnitManager, Unit)]),
    (Operation::GoalAnswer, &[(Rep, Own)]),
    (Operation::GoalResolve, &[(UnitManager, Unit)]),
    (Operation::GoalRevise, &[(Planner, All), (UnitManager, Unit)]),
    (
        Operation::PlanRead,
        &[
            (Planner, All),
            (BuManager, All),
            (UnitManager, All),
            (Rep, Own),
            (Finance, All),
            (SalesHead, All),
            (Auditor, All),
            (Service, All),
        ],
    ),
    (Operation::PlanDesign, &[(Planner, All)]),
    (Operation::PlanSubmit, &[(Planner, All)]),
    (Operation::PlanApprove, &[(BuManager, All), (Finance, All)]),
    (Operation::PlanPublish, &[(Planner, All)]),
    (Operation::AssignmentRead, BY_PLACE),
    (Operation::AssignmentPropose, &[(Planner, All)]),
    (Operation::AssignmentApprove, &[(BuManager, Unit)]),
    (Operation::AssignmentAnswer, &[(Rep, Own)]),
    (Operation::AssignmentResolve, &[(Planner, All), (BuManager, Unit)]),
    (
        Operation::RunRead,
        &[(Planner, All), (BuManager, Unit), (Finance, All), (SalesHead, All), (Auditor, All), (Service, All)],
    ),
    (Operation::RunPreview, &[(Planner, All)]),
    (Operation::RunSubmit, &[(Planner, All)]),
    (Operation::RunApprove, &[(BuManager, Unit), (Finance, All)]),
    (Operation::RunPublish, &[(Planner, All)]),
    (Operation::RunClose, &[(Finance, All)]),
    (Operation::RunReopen, &[(Planner, All), (Finance, All)]),
    (Operation::StatementRead, BY_PLACE),
    (Operation::StandingRead, BY_PLACE),
    (Operation::AdjustmentRead, BY_PLACE),
    (Operation::AdjustmentRequest, &[(Planner, All), (UnitManager, Unit)]),
    (Operation::AdjustmentApprove, &[(BuManager, Unit), (Finance, All)]),
    (Operation::DisputeRead, BY_PLACE),
    (Operation::DisputeOwn, &[(Rep, Own)]),
    (Operation::DisputeAnswer, &[(UnitManager, Unit)]),
    (Operation::DisputeResolve, &[(BuManager, Unit)]),
    (Operation::PaymentRead, &[(Planner, All), (Finance, All), (SalesHead, All), (Auditor, All), (Service, All)]),
    (Operation::PaymentPrepare, &[(Planner, All), (Finance, All)]),
    (Operation::PaymentApprove, &[(Finance, All)]),
    (Operation::PaymentExport, &[(Finance, All), (Service, All)]),
    (Operation::PaymentConfirm, &[(Finance, All), (Service, All)]),
    (Operation::AuditRead, &[(Auditor, All)]),
    (Operation::EvidenceTake, &[(Auditor, All)]),
    (Operation::JobRead, JOBS),
    (Operation::JobControl, JOBS),
    (Operation::CalculatorUse, EVERYBODY),
];

/// Who is granted `operation`; empty where the table has no row.
pub fn grants(operation: Operation) -> Grants {
    PERMISSIONS.iter().find(|(row, _)| *row == operation).map_or(&[], |(_, grants)| grants)
}

/// What an actor reaches with one operation: the union over the actor's roles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scope {
    /// Everything.
    All,
    /// What lies in the subtrees of `units` and what belongs to `participant` or was begun by `user`.
    /// Where all are absent nothing is reached.
    Within {
        /// Roots of the reached subtrees of units.
        units: Vec<Uuid>,
        /// The participant whose own records are reached.
        participant: Option<Uuid>,
        /// The user whose own sessions, jobs and delegations are reached.
        user: Option<Uuid>,
    },
}

/// Why an operation is refused to an actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denial {
    /// None of the roles grants it.
    #[error("none of your roles may do this")]
    Role,
    /// The token was not issued for it.
    #[error("the scopes of the token do not contain it")]
    ScopeMissing,
    /// The person lacks the place that the role needs.
    #[error("the role needs a unit or a participant that your user does not have")]
    NoPlace,
}

/// Decides whether `actor` may do `operation` and how far it goes.
pub fn permit(actor: &Actor, operation: Operation) -> Result<Scope, Denial> {
    if actor.kind == ActorKind::System {
        return Ok(Scope::All);
    }
    if let Some(scopes) = &actor.scopes
        && !scopes.iter().any(|scope| scope == operation.as_str())
    {
        return Err(Denial::ScopeMissing);
    }
    let reaches: Vec<Reach> =
        grants(operation).iter().filter(|(role, _)| actor.has(*role)).map(|(_, reach)| *reach).collect();
    if reaches.is_empty() {
        return Err(Denial::Role);
    }
    if reaches.contains(&All) {
        return Ok(Scope::All);
    }
    // A manager's own records count as within reach too: the unit contains its manager.
    let reaching = |grant: &RoleGrant| grants(operation).contains(&(grant.role, Unit));
    let units: Vec<Uuid> = actor.roles.iter().filter(|grant| reaching(grant)).filter_map(|grant| grant.unit).collect();
    let represented = actor.on_behalf_of.as_ref();
    let participant = match represented {
        Some(principal) => principal.participant,
        None => actor.participant,
    };
    let participant = if reaches.contains(&Own) { participant } else { None };
    let user = if reaches.contains(&Own) { Some(represented.map_or(actor.id, |principal| principal.id)) } else { None };
    if units.is_empty() && participant.is_none() && user.is_none() {
        return Err(Denial::NoPlace);
    }
    Ok(Scope::Within { units, participant, user })
}

words! {
    /// Kinds of work that must not all lie in one hand.
    Duty {
        /// Writes plans and goals.
        PlanAuthor = "plan_author",
        /// Brings data in.
        DataLoader = "data_loader",
        /// Calculates runs and prepares payments.
        Calculator = "calculator",
        /// Approves goals, plans, assignments, runs or adjustments.
        Approver = "approver",
        /// Releases money.
        PaymentReleaser = "payment_releaser",
        /// Manages users and roles.
        UserAdmin = "user_admin",
        /// Examines all of it.
        Examiner = "examiner",
    }
}

/// Duties that one person must not hold together.
pub const CONFLICTS: &[(Duty, Duty)] = &[
    (Duty::PlanAuthor, Duty::Approver),
    (Duty::PlanAuthor, Duty::PaymentReleaser),
    (Duty::DataLoader, Duty::Approver),
    (Duty::DataLoader, Duty::PaymentReleaser),
    (Duty::Calculator, Duty::Approver),
    (Duty::Calculator, Duty::PaymentReleaser),
    (Duty::UserAdmin, Duty::PlanAuthor),
    (Duty::UserAdmin, Duty::DataLoader),
    (Duty::UserAdmin, Duty::Calculator),
    (Duty::UserAdmin, Duty::Approver),
    (Duty::UserAdmin, Duty::PaymentReleaser),
    (Duty::Examiner, Duty::PlanAuthor),
    (Duty::Examiner, Duty::DataLoader),
    (Duty::Examiner, Duty::Calculator),
    (Duty::Examiner, Duty::Approver),
    (Duty::Examiner, Duty::PaymentReleaser),
    (Duty::Examiner, Duty::UserAdmin),
];

/// The duties that a role carries. First line managers and finance hold more than one by
/// design; there, the workflow's guards keep the single record in two hands.
pub fn duties(role: Role) -> &'static [Duty] {
    match role {
        Planner => &[Duty::PlanAuthor, Duty::DataLoader, Duty::Calculator],
        BuManager => &[Duty::Approver],
        Finance => &[Duty::Approver, Duty::PaymentReleaser],
        Auditor => &[Duty::Examiner],
        Admin => &[Duty::UserAdmin],
        UnitManager | Rep | SalesHead | Service => &[],
    }
}

/// The pairs among `roles` that one person must not hold together. The role of a system
/// is never a person's.
pub fn role_conflicts(roles: &[Role]) -> Vec<(Role, Role)> {
    let mut found = Vec::new();
    for (index, first) in roles.iter().enumerate() {
        for second in roles.iter().skip(index + 1) {
            if conflict(*first, *second) {
                found.push((*first, *second));
            }
        }
    }
    found
}

fn conflict(first: Role, second: Role) -> bool {
    if first == second {
        return false;
    }
    if first == Service || second == Service {
        return true;
    }
    let excluded = |a: Duty, b: Duty| CONFLICTS.contains(&(a, b)) || CONFLICTS.contains(&(b, a));
    duties(first).iter().any(|a| duties(second).iter().any(|b| excluded(*a, *b)))
}

/// The permission table and the excluded pairs as a Markdown page.
pub fn render() -> String {
    let mut page = String::from(
        "# Who may do what\n\nGenerated from `crates/domain/src/access.rs`; a test keeps it equal. \
         `all`: everything; `unit`: the own unit and those below it; `own`: what concerns oneself. Empty: refused.\n\n",
    );
    page.push_str("| operation |");
    for role in Role::ALL {
        page.push_str(&format!(" {role} |"));
    }
    page.push_str("\n|---|");
    page.push_str(&"---|".repeat(Role::ALL.len()));
    page.push('\n');
    for (operation, grants) in PERMISSIONS {
        page.push_str(&format!("| `{operation}` |"));
        for role in Role::ALL {
            let reach = grants.iter().find(|(granted, _)| granted == role);
            page.push_str(&reach.map_or_else(|| "  |".to_owned(), |(_, reach)| format!(" {reach} |")));
        }
        page.push('\n');
    }
    page.push_str("\n## Duties that one person must not hold together\n\n| duty | and |\n|---|---|\n");
    for (first, second) in CONFLICTS {
        page.push_str(&format!("| `{first}` | `{second}` |\n"));
    }
    page.push_str("\n## Roles that follow from it\n\n| role | duties | refused together with |\n|---|---|---|\n");
    for role in Role::ALL {
        let own: Vec<String> = duties(*role).iter().map(|duty| format!("`{duty}`")).collect();
        let refused: Vec<String> =
            Role::ALL.iter().filter(|other| conflict(*role, **other)).map(|other| format!("`{other}`")).collect();
        page.push_str(&format!("| `{role}` | {} | {} |\n", own.join(", "), refused.join(", ")));
    }
    page
}
