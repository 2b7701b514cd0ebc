//! OpenID Connect and OAuth 2.0 endpoints, one file each. Each parses its request with `ostiary::protocol`, calls one
//! command, and writes the answer that the RFC it names asks for.
//!
//! Which endpoint runs which check before its command does anything:
//!
//! | endpoint | who asks | DPoP proof | limit per address | other sites' scripts | rules |
//! |---|---|---|---|---|---|
//! | `authorize` | whoever's browser comes by | – | stored requests | – | [`ostiary::grant`]'s list of checks, from its first |
//! | `par` | a client, authenticated | its key goes into the request | stored requests | – | the same list, as far as no person is needed |
//! | `token` | a client, authenticated | or a certificate, where tokens are bound | – | of registered origins | of the grant, one file each |
//! | `device_authorization` | a client, authenticated | – | stored requests | – | scope, resource, authorization details |
//! | `bc-authorize` | a confidential client | – | – | – | the same, five that wait for one person, and its signed request (CIBA §7.1.1) |
//! | `introspect` | a confidential client | – | – | – | the token is its own, or names it as audience |
//! | `revocation` | a client, authenticated | – | – | of registered origins | the token is its own |
//! | `userinfo` | who holds an access token | of that token's key, or its certificate | – | of registered origins | scope `openid`, the person's stamp |
//! | `register` | nobody, or an initial access token | – | registrations | – | the policy (RFC 7591 §5) |
//! | `register/{client_id}` | who holds its registration token | – | – | – | the policy, again |
//! | `logout` | whoever's browser comes by | – | – | – | hint, client and address fit; else a person is asked |
//! | discovery, keys, `checksession` | everybody | – | – | everybody's | nothing is changed |
//!
//! "A client, authenticated" is `wire::Posted::authenticated`: one method, the registered one (RFC 6749 §2.3), assertions and
//! certificates among them; a public client is known by its `client_id`. Each POST of a program is a form without a
//! parameter twice (RFC 6749 §3.2), no larger than `limits.body_bytes`. Stored requests are
//! counted of those who prove nothing: public clients, and people who are not signed in. Cookies count at `authorize` and `logout` alone.

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
