//! `ostiary demo`: a provider and a small application that uses it, in one process. The application speaks to the provider
//! over HTTP only, as an outside one would, with the `openidconnect` crate.

mod app;
mod oidc;
mod pages;

use crate::cli::Failure;

/// Starts both.
pub(crate) fn run() -> Result<(), Failure> {
    let _ = app::router;
    Err(Failure::new("not there yet"))
}
