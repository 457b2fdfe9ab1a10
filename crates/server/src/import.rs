//! Imports: a file is looked at, kept in pieces, and read by a job that publishes it once.
//!
//! The API and the command line do the same: [`order`] says what is wanted, [`work`] does it.

pub mod order;
pub mod work;

mod api;
mod master;
mod missing;
mod names;
mod outcome;
mod sales;
mod upload;

pub use api::register;
pub use work::job;

/// A file that is there, as [`work::run`] reads it.
pub fn scratch(file: std::fs::File) -> upload::Scratch {
    upload::Scratch::over(file)
}
