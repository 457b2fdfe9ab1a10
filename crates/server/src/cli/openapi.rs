//! `traguardo openapi`

use super::{Outcome, say};

/// Options of `openapi`.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Prints the document.
pub fn run(_: Args) -> Outcome {
    say(&crate::http::openapi::text())
}
