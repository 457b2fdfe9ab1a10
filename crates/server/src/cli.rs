//! The command line: one file per command; a line in [`commands!`] adds one.

mod admin;
mod calculate;
mod check_plan;
mod files;
mod import;
mod migrate;
mod openapi;
mod serve;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser;

use crate::config::{Config, ConfigError};
use crate::problem::ApiError;
use crate::state::{StartError, State};

/// Why a command did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It failed while working: exit code 1.
    #[error("{0}")]
    Failed(String),
    /// It was asked for wrongly, or its input is wrong: exit code 2.
    #[error("{0}")]
    Wrong(String),
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::Wrong(error.to_string())
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<traguardo_store::StoreError> for Failure {
    fn from(error: traguardo_store::StoreError) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        let places: Vec<String> = error
            .errors
            .iter()
            .map(|place| format!("\n  {}: {}", place.path.as_deref().unwrap_or("$"), place.message))
            .collect();
        let text = if places.is_empty() { error.detail } else { format!("{}{}", error.detail, places.concat()) };
        if error.code.status() < 500 { Self::Wrong(text) } else { Self::Failed(text) }
    }
}

/// What a command gives back.
pub type Outcome = Result<(), Failure>;

macro_rules! commands {
    ($($(#[doc = $about:literal])+ $name:ident => $module:ident;)+) => {
        #[derive(Debug, clap::Subcommand)]
        enum Command { $($(#[doc = $about])+ $name($module::Args),)+ }

        impl Command {
            fn run(self) -> Outcome {
                match self { $(Self::$name(args) => $module::run(args),)+ }
            }
        }
    };
}

commands! {
    /// Serve the API, the pages and the documents.
    Serve => serve;
    /// Bring the database's schema up to date.
    Migrate => migrate;
    /// Create users and one-time links.
    Admin => admin;
    /// Import a file: people, territories, products, sales, goals…
    Import => import;
    /// Calculate what a plan pays, without a database.
    Calculate => calculate;
    /// Check a plan document and run its examples, without a database.
    CheckPlan => check_plan;
    /// Print the OpenAPI document.
    Openapi => openapi;
}

/// Goals, incentive plans, results and pay for sales forces.
#[derive(Debug, Parser)]
#[command(name = "traguardo", version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// Reads the arguments and runs the command. Exit codes: 0 done, 1 failed, 2 wrong use or input.
pub fn main() -> ExitCode {
    // clap prints help and usage itself; wrong use ends with 2.
    match Arguments::parse().command.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(std::io::stderr(), "traguardo: {failure}");
            ExitCode::from(match failure {
                Failure::Failed(_) => 1,
                Failure::Wrong(_) => 2,
            })
        }
    }
}

/// Writes to the standard output.
pub fn say(text: &str) -> Outcome {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// Tells something that refuses nothing, on the standard error.
pub fn warn(text: &str) {
    let _ = writeln!(std::io::stderr(), "traguardo: {text}");
}

/// Runs async work to its end, on one thread.
pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    actix_web::rt::System::new().block_on(work)
}

/// The settings, the log and the open database.
pub async fn open() -> Result<State, Failure> {
    let config = Config::load()?;
    crate::log::start(&config)?;
    Ok(State::start(config).await?)
}
