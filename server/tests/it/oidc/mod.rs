//! One test per normative rule of the OpenID Connect and OAuth 2.0 specifications, by endpoint or feature; each names its
//! section. `server/src/oidc/CONFORMANCE.md` says which test stands for which module of the certification suites.

mod basic;
mod client_auth;
mod config;
mod device;
mod opaque;
mod par;
mod signed_responses;
