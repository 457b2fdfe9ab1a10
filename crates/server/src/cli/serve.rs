//! `traguardo serve`

use super::{Outcome, block_on, open, say};

/// Options of `serve`.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Serves until told to stop.
pub fn run(_: Args) -> Outcome {
    block_on(async {
        let state = open().await?;
        say(&format!("traguardo serves {} (listening on {})\n", state.config.origin, state.config.bind))?;
        crate::http::serve(state).await?;
        Ok(())
    })
}
