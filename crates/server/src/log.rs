//! The technical log: what happened, never secrets, bodies or pay.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::config::{Config, ConfigError, LogFormat};

/// Starts writing to the standard error. A second start in one process changes nothing.
pub fn start(config: &Config) -> Result<(), ConfigError> {
    let filter = EnvFilter::try_new(&config.log).map_err(|error| ConfigError {
        name: "TRAGUARDO_LOG",
        message: format!("`{}` is not a filter, as `info` or `traguardo=debug,info`: {error}", config.log),
    })?;
    let base = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .with_span_events(FmtSpan::NONE);
    // Where a test started it already, that one stays.
    let _ = match config.log_format {
        LogFormat::Text => base.try_init(),
        LogFormat::Json => base.json().flatten_event(true).try_init(),
    };
    Ok(())
}
