//! Builds the single-page app.

use std::process::ExitCode;

/// `cargo xtask build`: exit code 3 says that there is nothing to build yet.
pub(crate) fn command(_arguments: &[String]) -> ExitCode {
    crate::say("there is no single-page app to build yet\n");
    ExitCode::from(3)
}
