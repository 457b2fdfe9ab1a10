//! The calculation of a period: its API here, the calculation itself in [`work`].

mod api;
pub mod work;

pub use api::register;
pub use work::job;
