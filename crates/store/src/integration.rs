//! What joins the parts of the program, and the program with others: idempotent commands, the
//! outbox, long work, files that several processes share, and how approvals are kept.

pub mod approval;
pub mod file;
pub mod idempotency;
pub mod job;
pub mod outbox;
