//! One test per normative rule of the OpenID Connect and OAuth 2.0 specifications, by endpoint or feature; each names its
//! section. `server/src/oidc/CONFORMANCE.md` says which test stands for which module of the certification suites.

mod acr;
mod backchannel_logout;
mod basic;
mod ciba;
mod cimd;
mod client_auth;
mod config;
mod conformance_table;
mod decoupled_targets;
mod device;
mod dpop;
mod dynamic;
mod fapi2;
mod fapi_flow;
mod frontchannel_logout;
mod jar;
mod jwt_bearer;
mod mcp;
mod mtls;
mod opaque;
mod pairwise;
mod par;
mod rar;
mod redirect_uris;
mod registration;
mod resources;
mod rp_logout;
mod session_management;
mod signed_responses;
mod ssrf;
mod token_exchange;
