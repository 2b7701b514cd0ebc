//! OpenID Connect and OAuth 2.0 endpoints, one file each. Each parses its request with `ostiary::protocol`, calls one
//! command, and writes the answer that the RFC it names asks for.
//!
//! Discovery and keys are the same for everybody ([`public`]); everything else goes through `crate::layer`.

mod answer_client;
mod authorize;
pub(crate) mod discovery;
mod form;
mod introspect;
mod jwks;
mod revocation;
mod token;
mod userinfo;

/// Documents that anybody may have.
pub(crate) mod public {
    use ostiary::protocol::metadata::path;

    use super::{discovery, jwks};
    use crate::routes::routes;

    routes! {
        get path::OPENID_CONFIGURATION => discovery::get;
        get path::OAUTH_METADATA => discovery::get;
        get path::JWKS => jwks::get;
    }
}

/// Where a browser comes by, with its cookie.
pub(crate) mod in_browser {
    use ostiary::protocol::metadata::path;

    use super::authorize;
    use crate::routes::routes;

    routes! {
        get path::AUTHORIZE => authorize::get;
        post path::AUTHORIZE => authorize::post;
        get "/connect/resume" => authorize::resume;
    }
}

/// What programs speak.
pub(crate) mod wire {
    use ostiary::protocol::metadata::path;

    use super::{introspect, revocation, token, userinfo};
    use crate::routes::routes;

    routes! {
        post path::TOKEN => token::post;
        get path::USERINFO => userinfo::get;
        post path::USERINFO => userinfo::post;
        post path::INTROSPECT => introspect::post;
        post path::REVOCATION => revocation::post;
    }
}

pub(crate) use form::authorization;
