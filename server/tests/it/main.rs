//! The whole server in one process, over its router: fixed clock, seeded entropy, mails read from the outbox, no sleeps.
//!
//! [`harness`] gives an application under test, a browser without scripts, and requests for the REST and protocol endpoints.
//! A new route makes [`route_table`] fail until it has a row there.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "tests fail loudly; one binary, many modules"
)]

mod cli;
mod cli_apply;
mod cli_users;
mod clients_api;
mod code_flow;
mod crash;
mod decisions_api;
mod described;
mod edge;
mod forward_auth;
mod harness;
mod hostile;
mod invitations;
mod oidc;
mod organization_routes;
mod organizations;
mod own_factors;
mod phone;
mod rest;
mod route_table;
mod second_factor;
mod self_service;
mod token_endpoint;
mod wire;
