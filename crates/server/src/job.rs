//! Long work: its API here, the workers in [`worker`].

mod api;
pub mod worker;

pub use api::{register, show};
