//! What answers: HTTP, sessions, jobs, the single-page app and the command line.

pub mod cli;
pub mod config;
pub mod http;
pub mod log;
pub mod problem;
mod routes;
mod spa;
pub mod state;

mod audit;
pub mod import;
pub mod job;
mod organization;
mod period;
mod product;
mod session;
mod territory;
