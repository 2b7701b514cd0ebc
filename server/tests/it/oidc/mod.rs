//! One test per normative rule of the OpenID Connect and OAuth 2.0 specifications, by endpoint or feature; each names its
//! section. `server/src/oidc/CONFORMANCE.md` says which test stands for which module of the certification suites.

mod backchannel_logout;
mod basic;
mod ciba;
mod client_auth;
mod config;
mod conformance_table;
mod device;
mod dynamic;
mod frontchannel_logout;
mod jwt_bearer;
mod opaque;
mod par;
mod rp_logout;
mod session_management;
mod signed_responses;
mod token_exchange;
