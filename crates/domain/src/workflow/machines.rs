//! The tables themselves, one machine after the other.

use super::{Effect, Guard, Machine, Row, SeatRule};
use crate::access::Operation;
use crate::actor::{Role, words};

macro_rules! rows {
    ($($from:ident $action:ident by $operation:ident [$($guard:ident)*] seats [$($seat:expr),*] => $to:ident $effect:ident;)+) => {
        &[$(Row {
            from: S::$from,
            action: A::$action,
            operation: Operation::$operation,
            guards: &[$(Guard::$guard),*],
            seats: &[$($seat),*],
            to: S::$to,
            effect: Effect::$effect,
        },)+]
    };
}

words! {
    /// Where a goal version stands.
    GoalState {
        /// Being written.
        Draft = "draft",
        /// Waits for the head of the unit.
        Proposed = "proposed",
        /// Waits for the representative.
        Validated = "validated",
        /// The representative proposes another value.
        Challenged = "challenged",
        /// In force.
        Accepted = "accepted",
    }
}

words! {
    /// What can be done with a goal.
    GoalAction {
        /// Put forward.
        Propose = "propose",
        /// Approve for the unit.
        Validate = "validate",
        /// Send back with a reason.
        Return = "return",
        /// Agree.
        Accept = "accept",
        /// Propose another value.
        Challenge = "challenge",
        /// Keep the value.
        Uphold = "uphold",
        /// Change the value (challenged), or begin a new version (accepted).
        Revise = "revise",
    }
}

/// The life of a goal.
pub static GOAL: Machine<GoalState, GoalAction> = {
    use {GoalAction as A, GoalState as S};
    Machine {
        name: "goal",
        initial: S::Draft,
        rows: rows! {
            Draft Propose by GoalPropose [] seats [] => Proposed None;
            Proposed Validate by GoalValidate [NotOwn NotOwnWork] seats [] => Validated None;
            Proposed Return by GoalReturn [Reason] seats [] => Draft None;
            Validated Return by GoalReturn [Reason] seats [] => Draft None;
            Validated Accept by GoalAnswer [IsOwn] seats [] => Accepted None;
            Validated Challenge by GoalAnswer [IsOwn CounterValue Comment] seats [] => Challenged None;
            Challenged Uphold by GoalResolve [NotOwn Reason] seats [] => Validated None;
            Challenged Revise by GoalResolve [NotOwn Reason] seats [] => Proposed None;
            Accepted Revise by GoalRevise [NotOwn Reason] seats [] => Accepted NewVersion;
        },
    }
};

words! {
    /// Where a plan version stands.
    PlanState {
        /// Being written.
        Draft = "draft",
        /// Waits for approval.
        Submitted = "submitted",
        /// May be published.
        Approved = "approved",
        /// In force, never changed again.
        Published = "published",
        /// No longer assigned.
        Retired = "retired",
    }
}

words! {
    /// What can be done with a plan version.
    PlanAction {
        /// Put forward for approval.
        Submit = "submit",
        /// Agree.
        Approve = "approve",
        /// Send back with a reason.
        Return = "return",
        /// Put in force.
        Publish = "publish",
        /// Take out of use.
        Retire = "retire",
    }
}

/// The life of a plan version.
pub static PLAN: Machine<PlanState, PlanAction> = {
    use {PlanAction as A, PlanState as S};
    Machine {
        name: "plan version",
        initial: S::Draft,
        rows: rows! {
            Draft Submit by PlanSubmit [] seats [] => Submitted None;
            Submitted Approve by PlanApprove [NotOwnWork] seats [SeatRule::One(Role::BuManager), SeatRule::One(Role::Finance)] => Approved None;
            Submitted Return by PlanApprove [Reason] seats [] => Draft None;
            Approved Publish by PlanPublish [ExamplesGreen] seats [] => Published None;
            Published Retire by PlanPublish [Reason] seats [] => Retired None;
        },
    }
};

words! {
    /// Where an assignment stands.
    AssignmentState {
        /// Waits for the head of the unit.
        Proposed = "proposed",
        /// Waits for the representative.
        Offered = "offered",
        /// Signed.
        Accepted = "accepted",
        /// The representative disagrees.
        Contested = "contested",
    }
}

words! {
    /// What can be done with an assignment.
    AssignmentAction {
        /// Approve for the unit: it is offered.
        Approve = "approve",
        /// Sign.
        Accept = "accept",
        /// Disagree with a comment.
        Contest = "contest",
        /// Offer it changed.
        Revise = "revise",
        /// Offer it unchanged, with a reason.
        Uphold = "uphold",
    }
}

/// The life of an assignment of a plan to a person.
pub static ASSIGNMENT: Machine<AssignmentState, AssignmentAction> = {
    use {AssignmentAction as A, AssignmentState as S};
    Machine {
        name: "assignment",
        initial: S::Proposed,
        rows: rows! {
            Proposed Approve by AssignmentApprove [NotOwn NotOwnWork] seats [] => Offered None;
            Offered Accept by AssignmentAnswer [IsOwn Signature] seats [] => Accepted None;
            Offered Contest by AssignmentAnswer [IsOwn Comment] seats [] => Contested None;
            Contested Revise by AssignmentResolve [NotOwn Reason] seats [] => Offered None;
            Contested Uphold by AssignmentResolve [NotOwn Reason] seats [] => Offered None;
        },
    }
};

words! {
    /// Where a run stands.
    RunState {
        /// Calculated, not yet put forward.
        Previewed = "previewed",
        /// Waits for approval.
        Submitted = "submitted",
        /// May be published.
        Approved = "approved",
        /// Statements are issued.
        Published = "published",
        /// The period is closed.
        Closed = "closed",
    }
}

words! {
    /// What can be done with a run.
    RunAction {
        /// Put forward for approval.
        Submit = "submit",
        /// Agree, for a unit or for finance.
        Approve = "approve",
        /// Send back with a reason.
        Return = "return",
        /// Issue the statements.
        Publish = "publish",
        /// Close the period.
        Close = "close",
        /// Begin a new run of the closed period.
        Reopen = "reopen",
    }
}

/// The life of a run.
pub static RUN: Machine<RunState, RunAction> = {
    use {RunAction as A, RunState as S};
    Machine {
        name: "run",
        initial: S::Previewed,
        rows: rows! {
            Previewed Submit by RunSubmit [ChecksPass] seats [] => Submitted None;
            Submitted Approve by RunApprove [NotOwnWork] seats [SeatRule::EachUnit(Role::BuManager), SeatRule::One(Role::Finance)] => Approved None;
            Submitted Return by RunApprove [Reason] seats [] => Previewed None;
            Approved Publish by RunPublish [] seats [] => Published IssueStatements;
            Published Close by RunClose [] seats [] => Closed None;
            Closed Reopen by RunReopen [Reason] seats [SeatRule::One(Role::Finance), SeatRule::One(Role::Planner)] => Closed NewRun;
        },
    }
};

words! {
    /// Where an adjustment stands.
    AdjustmentState {
        /// Waits for the second approver.
        Requested = "requested",
        /// Counts in the next run.
        Approved = "approved",
        /// Does not count.
        Refused = "refused",
    }
}

words! {
    /// What can be done with an adjustment.
    AdjustmentAction {
        /// Agree.
        Approve = "approve",
        /// Disagree, with a reason.
        Refuse = "refuse",
    }
}

/// The life of an adjustment.
pub static ADJUSTMENT: Machine<AdjustmentState, AdjustmentAction> = {
    use {AdjustmentAction as A, AdjustmentState as S};
    Machine {
        name: "adjustment",
        initial: S::Requested,
        rows: rows! {
            Requested Approve by AdjustmentApprove [NotOwn NotOwnWork] seats [] => Approved None;
            Requested Refuse by AdjustmentApprove [NotOwn NotOwnWork Reason] seats [] => Refused None;
        },
    }
};

words! {
    /// Where a dispute stands.
    DisputeState {
        /// Waits for somebody to take it.
        Open = "open",
        /// Being looked into.
        InReview = "in_review",
        /// Waits for the representative.
        Answered = "answered",
        /// Settled by the answer.
        Accepted = "accepted",
        /// Waits for the head of the unit.
        Escalated = "escalated",
        /// Settled by a decision.
        Resolved = "resolved",
    }
}

words! {
    /// What can be done with a dispute.
    DisputeAction {
        /// Take it up.
        Review = "review",
        /// Answer it.
        Answer = "answer",
        /// Be content with the answer.
        Accept = "accept",
        /// Take it to the head of the unit.
        Escalate = "escalate",
        /// Decide.
        Resolve = "resolve",
    }
}

/// The life of a dispute.
pub static DISPUTE: Machine<DisputeState, DisputeAction> = {
    use {DisputeAction as A, DisputeState as S};
    Machine {
        name: "dispute",
        initial: S::Open,
        rows: rows! {
            Open Review by DisputeAnswer [NotOwn] seats [] => InReview None;
            InReview Answer by DisputeAnswer [NotOwn Comment] seats [] => Answered None;
            Answered Accept by DisputeOwn [IsOwn] seats [] => Accepted None;
            Answered Escalate by DisputeOwn [IsOwn Comment] seats [] => Escalated None;
            Escalated Resolve by DisputeResolve [NotOwn NotOwnWork Comment] seats [] => Resolved None;
        },
    }
};

words! {
    /// Where a payment batch stands.
    PaymentState {
        /// Made from published results.
        Draft = "draft",
        /// May be exported.
        Approved = "approved",
        /// The file was made.
        Exported = "exported",
        /// Paid.
        Confirmed = "confirmed",
    }
}

words! {
    /// What can be done with a payment batch.
    PaymentAction {
        /// Release the money.
        Approve = "approve",
        /// Make the file for payroll.
        Export = "export",
        /// Record that it was paid.
        Confirm = "confirm",
    }
}

/// The life of a payment batch.
pub static PAYMENT: Machine<PaymentState, PaymentAction> = {
    use {PaymentAction as A, PaymentState as S};
    Machine {
        name: "payment batch",
        initial: S::Draft,
        rows: rows! {
            Draft Approve by PaymentApprove [NotOwn NotOwnWork] seats [] => Approved None;
            Approved Export by PaymentExport [] seats [] => Exported None;
            Exported Export by PaymentExport [] seats [] => Exported None;
            Exported Confirm by PaymentConfirm [] seats [] => Confirmed None;
        },
    }
};
