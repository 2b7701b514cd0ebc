//! OpenID Connect and OAuth 2.0 endpoints, one file each. Each parses its request with `ostiary::protocol`, calls one
//! command, and writes the answer that the RFC it names asks for.

pub(crate) mod discovery;
pub(crate) mod jwks;

mod authorize;
mod backchannel;
mod check_session;
mod device;
mod introspect;
mod logout;
mod par;
mod proof;
mod registration;
mod revocation;
mod token;
mod userinfo;
mod visitor;
mod wire;

/// The same for everybody and asked for very often: served from memory, with nothing around them.
pub(crate) mod plain {
    use ostiary::protocol::metadata::path;

    use super::{check_session, discovery, jwks};
    use crate::routes::routes;

    routes! {
        get path::OPENID_CONFIGURATION => discovery::get;
        get path::OAUTH_METADATA => discovery::get;
        get path::JWKS => jwks::get;
        get path::CHECK_SESSION => check_session::get;
        get path::RESOURCE_METADATA => discovery::get_resource;
    }
}

/// Where people come by with their browser, and so with their session.
pub(crate) mod browser {
    use ostiary::protocol::metadata::path;

    use super::{authorize, logout};
    use crate::routes::routes;

    routes! {
        get path::AUTHORIZE => authorize::get;
        post path::AUTHORIZE => authorize::post;
        get "/connect/resume" => authorize::resume;
        get path::END_SESSION => logout::get;
        post path::END_SESSION => logout::post;
    }
}

/// Where programs speak OAuth.
pub(crate) mod programs {
    use ostiary::protocol::metadata::path;

    use super::{backchannel, device, introspect, par, registration, revocation, token, userinfo};
    use crate::routes::routes;

    routes! {
        post path::PUSHED_REQUESTS => par::post;
        post path::TOKEN => token::post;
        get path::USERINFO => userinfo::get;
        post path::USERINFO => userinfo::post;
        post path::INTROSPECT => introspect::post;
        post path::BACKCHANNEL_AUTHENTICATION => backchannel::post;
        post path::DEVICE_AUTHORIZATION => device::post;
        post path::REVOCATION => revocation::post;
        post path::REGISTER => registration::post;
        get "/connect/register/{client_id}" => registration::get;
        put "/connect/register/{client_id}" => registration::put;
        delete "/connect/register/{client_id}" => registration::delete;
    }
}
