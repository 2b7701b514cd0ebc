//! The log (I4): lines on standard error, for people or as JSON. Each line written while a request is answered carries the
//! request's correlation id, which is also in its audit records and in the reference a person is given.

use std::io::IsTerminal as _;

use ostiary::config::{Log, LogFormat};
use tracing_subscriber::{EnvFilter, filter::ParseError, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _};

/// Starts logging, of panics too. A second call changes nothing.
///
/// # Errors
/// `log.level` is not a filter.
pub fn init(log: &Log) -> Result<(), ParseError> {
    let filter = EnvFilter::builder().parse(&log.level)?;
    let registry = tracing_subscriber::registry().with(filter);
    let started = match log.format {
        LogFormat::Text => {
            let colours = std::io::stderr().is_terminal();
            registry.with(fmt::layer().with_writer(std::io::stderr).with_ansi(colours)).try_init()
        }
        LogFormat::Json => {
            let json = fmt::layer().json().with_writer(std::io::stderr).with_current_span(true).with_span_list(false);
            registry.with(json).try_init()
        }
    };
    if started.is_ok() {
        log_panics();
    }
    Ok(())
}

/// A panic is logged by its place alone: its message may quote what a person typed.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, ToString::to_string);
        tracing::error!(place, "panicked");
    }));
}
