//! `traguardo migrate`

use super::{Outcome, block_on, open, say};

/// Options of `migrate`.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Brings the schema up to date.
pub fn run(_: Args) -> Outcome {
    block_on(async {
        open().await?.db.close().await;
        say("the schema is up to date\n")
    })
}
