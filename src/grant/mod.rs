//! What people allow applications, and the codes and tokens that come of it (D2, D3, D5, D6, D10, D13).
//!
//! How one sign-in at an application travels through these files:
//!
//! 1. [`begin_authorization`] reads the request and runs the ordered list of `checks`. Three answers are possible: the
//!    person must sign in, the person must be asked, or the application is answered. When a page is needed, the request
//!    is stored as an *interaction*, and pages carry only its handle.
//! 2. After a page [`resume_authorization`] runs the same list again. Nothing is remembered about the way but what the
//!    list looks at: the person's live session, and the decision that [`decide_consent`] stored with the interaction.
//! 3. The answer is a code of 60 seconds. With it a *grant* is stored: the family of everything that will be issued.
//!    [`exchange_code`] trades the code once; [`refresh`] rotates its refresh token.
//! 4. A token is alive as long as its grant is not revoked, its session is not ended, and its person is active with the
//!    same security stamp (A8). [`introspect`], [`user_info`] and [`authenticate_first_party`] all ask `access`, which
//!    remembers verified tokens and looks at the database again when something about the person changed.
//!
//! Ending things: [`revoke`] (a client asks, RFC 7009), [`revoke_application`] (the person does, C4), `revoke::revoke_of_user` and `revoke::revoke_of_session` (for
//! the commands of other areas, inside their own transaction).
//!
//! Where a person decides on another device than the one that asks, `decoupled` takes the place of the first three steps.
//!
//! To add a rule for authorization requests: a file in `checks/` and a line in its list. To add something that a grant
//! must remember: a field with a default in [`details::GrantDetails`].

mod access;
mod acr;
mod aim;
mod authorization;
mod binding;
mod checks;
mod choose_account;
mod claims;
mod clean_up;
mod client_credentials;
mod decide_consent;
pub mod decoupled;
mod details;
mod dpop;
mod exchange_code;
mod find_enrolment;
mod first_party;
mod forward_auth;
mod get_consent;
pub(crate) mod id_token_hint;
mod interaction;
mod introspect;
mod issue;
mod jwt_bearer;
mod list_applications;
pub(crate) mod messages;
mod mint;
mod place;
mod push_authorization;
mod refresh;
mod request_object;
mod respond;
pub(crate) mod revoke;
mod revoke_application;
mod revoke_token;
mod store;
pub(crate) mod subject;
#[cfg(test)]
mod tests;
mod token_exchange;
mod tokens;
pub(crate) mod used_ids;
mod user_info;

pub use access::Memory;
pub use acr::{ACR_MFA, ACR_PASSWORD, ACR_PHISHING_RESISTANT, ACR_VALUES, acr_of};
pub use authorization::{
    AuthorizationRefused, AuthorizationStep, BeginAuthorization, ResumeAuthorization, SignInAt, begin_authorization,
    resume_authorization,
};
pub use binding::Proved;
pub use choose_account::choose_account;
pub use clean_up::clean_up;
pub use client_credentials::{ClientCredentialsGrant, client_credentials};
pub use decide_consent::{DecideConsent, DecideConsentError, decide_consent};
pub use dpop::{ProofError, check_nonce, dpop_nonce, use_proof, verify_proof};
pub use exchange_code::{ExchangeCode, exchange_code};
pub use find_enrolment::{EnrolmentDemand, find_enrolment};
pub use first_party::{
    FirstPartyError, SwitchOrganizationError, authenticate_application, authenticate_first_party,
    issue_first_party_tokens, refresh_first_party, switch_organization,
};
pub use forward_auth::{Admitted, Comer, NotAdmitted, Required, admit, find_comer};
pub use get_consent::{
    ConsentDetail, ConsentPerson, ConsentRequest, ConsentResource, ConsentScope, GetConsentError, get_consent,
};
pub use interaction::{InteractionView, find_interaction};
pub use introspect::{Introspect, Introspected, introspect, sign_introspection};
pub use jwt_bearer::{JwtBearer, jwt_bearer};
pub use list_applications::{ApplicationView, list_applications};
pub use push_authorization::{AuthorizationPushed, PushAuthorization, push_authorization};
pub use refresh::{Refresh, refresh};
pub use revoke_application::{RevokeApplication, RevokeApplicationError, revoke_application};
pub use revoke_token::{Revoke, revoke};
pub use token_exchange::{ExchangeToken, exchange_token};
pub use tokens::{IssuedTokens, TokenError};
pub use user_info::{GetUserInfo, UserInfo, UserInfoError, user_info};
