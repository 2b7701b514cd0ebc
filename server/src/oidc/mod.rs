//! OpenID Connect and OAuth 2.0 endpoints, one file each. Each parses its request with `ostiary::protocol`, calls one
//! command, and writes the answer that the RFC it names asks for.

pub(crate) mod discovery;

use crate::routes::routes;
use ostiary::protocol::metadata::path;

routes! {
    get path::OPENID_CONFIGURATION => discovery::get;
    get path::OAUTH_METADATA => discovery::get;
}
