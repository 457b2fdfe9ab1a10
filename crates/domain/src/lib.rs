//! What is true: the workflow and the incentive calculation.
//!
//! Nothing in this crate does IO, reads a clock, draws at random or uses floating point;
//! the same input gives the same bytes on every target. Bad data is a [`finding::Finding`],
//! never a panic.

pub mod access;
pub mod actor;
pub mod changes;
pub mod credit;
pub mod document;
pub mod eligibility;
pub mod engine;
pub mod exact;
pub mod finding;
pub mod id;
pub mod inputs;
pub mod organization;
pub mod period;
pub mod plan;
pub mod product;
pub mod result;
pub mod run;
pub mod sales;
pub mod schema;
pub mod session;
pub mod split;
pub mod territory;
pub mod time;
pub mod trace;
pub mod workflow;
