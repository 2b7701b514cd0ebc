//! OAuth 2.0 and OpenID Connect as types: what may be said on the wire, and what it means.
//!
//! Nothing here reads a clock, a database or the network. Text from outside becomes a value of one
//! of these types at the edge, or a closed error; after that the rest of the program need not check
//! it again. Time is passed in as whole seconds since the epoch (`NumericDate`, RFC 7519 §2).
//!
//! How a request travels through these files:
//!
//! 1. [`params`] decodes a query string or form body strictly.
//! 2. [`authorization_request`] reads it in two stages: [`AuthorizationTarget`] (who asks, and where
//!    answers go) while errors must be shown to the person, then [`AuthorizationRequest`] once the
//!    redirect URI is known to be registered and errors may go back to the client.
//! 3. [`authorization_response`] builds the answer for the chosen [`response_mode`].
//! 4. At the token endpoint [`client_auth`] finds the credentials, [`pkce`] checks the verifier, and
//!    [`jwt`] signs [`access_token`] and [`id_token`] claims with keys published through [`jwk`]. What
//!    others sign (assertions, request objects, proofs) is read by [`foreign`].
//!
//! To add a closed list of words (a grant type, an algorithm), use `text_enum!`; to add a request
//! parameter, read it in [`authorization_request`] and cite its section there.

pub mod access_token;
pub mod authorization_details;
pub mod authorization_request;
pub mod authorization_response;
pub mod backchannel_request;
pub mod bearer;
pub mod certificate;
pub mod claims_request;
pub mod client_auth;
pub mod confirmation;
pub mod display;
pub mod dpop;
pub mod error;
pub mod foreign;
#[cfg(test)]
mod fuzz;
pub mod grant_type;
pub mod id_token;
pub mod issuer;
pub mod jwe;
pub mod jwk;
pub mod jwt;
pub mod logout_request;
pub mod logout_token;
pub mod max_age;
pub mod metadata;
pub mod params;
pub mod pkce;
pub mod prompt;
pub mod redirect_uri;
pub mod request_object;
pub mod resource_indicator;
pub mod resource_metadata;
pub mod response_mode;
pub mod response_type;
pub mod scope;
pub mod signing_alg;
pub mod standard_claims;
mod strict_json;
pub mod token_endpoint_auth_method;
pub mod token_request;
pub mod token_response;
pub mod ui_locales;

pub use crate::text_enum::UnknownValue;
pub use access_token::AccessTokenClaims;
pub use authorization_request::{AuthorizationRequest, AuthorizationTarget, TargetError};
pub use authorization_response::{AuthorizationResponse, Delivery};
pub use backchannel_request::{BackchannelHint, BackchannelRequest};
pub use bearer::{BearerChallenge, BearerError, BearerToken, DpopChallenge};
pub use certificate::PresentedCertificate;
pub use claims_request::ClaimsRequest;
pub use client_auth::{ClientAuthError, ClientCredentials};
pub use confirmation::Confirmation;
pub use display::DisplayHint;
pub use error::{OAuthError, OAuthErrorCode};
pub use foreign::{ForeignClaims, ForeignJws, ForeignKey, ForeignKeys, ForeignKeysError};
pub use grant_type::GrantType;
pub use id_token::IdTokenClaims;
pub use issuer::Issuer;
pub use jwk::{JwkSet, PublicJwk};
pub use jwt::{JwtError, SigningKey, TokenType, VerifyingKey};
pub use logout_request::LogoutRequest;
pub use logout_token::LogoutTokenClaims;
pub use max_age::MaxAge;
pub use metadata::Metadata;
pub use params::{Params, ParamsError};
pub use pkce::{CodeChallenge, CodeVerifier};
pub use prompt::{Prompt, PromptSet};
pub use redirect_uri::{RedirectUri, RedirectUriError};
pub use resource_metadata::ResourceMetadata;
pub use response_mode::ResponseMode;
pub use response_type::ResponseType;
pub use scope::{Scope, ScopeError, ScopeSet};
pub use signing_alg::SigningAlg;
pub use token_endpoint_auth_method::TokenEndpointAuthMethod;
pub use token_request::{ExchangeTokenType, TokenAim, TokenExchangeRequest, TokenLookup, TokenRequest, TokenTypeHint};
pub use token_response::{AccessTokenType, Introspection, TokenResponse};
