//! How we keep house: `tidy` checks the rules of the house, `build` makes the single-page app.

#[cfg(feature = "spa")]
mod build;
mod tidy;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <command>

  tidy     check the rules of the house (CONTRIBUTING.md)
  build    build the single-page app
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.split_first() {
        Some((command, _)) if command == "tidy" => tidy::command(),
        #[cfg(feature = "spa")]
        Some((command, rest)) if command == "build" => build::command(rest),
        _ => {
            say(USAGE);
            ExitCode::from(2)
        }
    }
}

/// Writes `text` to the standard error; a closed pipe is nobody's concern here.
pub(crate) fn say(text: &str) {
    use std::io::Write as _;
    let _ = std::io::stderr().write_all(text.as_bytes());
}
