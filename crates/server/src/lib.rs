//! What answers: HTTP, sessions, jobs, the single-page app and the command line.

pub mod cli;
pub mod config;
pub mod http;
pub mod log;
pub mod problem;
mod routes;
mod spa;
pub mod state;

mod assignment;
mod audit;
mod goal;
pub mod import;
mod insight;
pub mod job;
mod organization;
mod payment;
mod period;
mod plan;
mod product;
mod run;
mod session;
mod statement;
mod territory;
mod workflow;
