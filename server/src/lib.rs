//! Ostiary on the network: one axum router, a listener, and the command line.
//!
//! Everything here is thin. An endpoint parses its input, calls one command of the domain, and maps the outcome; the
//! rules are in `ostiary`, the pages in `ostiary-app`.
//!
//! - [`router`]: the whole of what is served, put together from `ROUTES` tables, so that no route can exist unlisted.
//! - `oidc`: the OpenID Connect and OAuth 2.0 endpoints, one file each; `api`: REST, one file a resource; [`health`].
//! - `layer`: what happens around every request, one concern a file; `answer`: refusals in the form the asker reads.
//! - [`listen`]: sockets, TLS, limits of the wire, stopping in peace. [`telemetry`]: the log.
//! - [`cli`]: the commands an operator types; `demo`: a provider and an application to try it with.
//!
//! To add an endpoint: a handler in its own file, a line in the `routes!` table beside it, and a row in
//! `tests/it/route_table.rs`, which fails until the row is there.

pub mod cli;
pub mod forward_auth;
mod health;
pub mod listen;
mod logos;
pub mod router;
pub mod telemetry;

mod answer;
mod api;
mod demo;
mod layer;
mod oidc;
mod passkeys;
mod routes;
mod state;

pub use state::ServerState;
