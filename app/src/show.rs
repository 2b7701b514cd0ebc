//! What each address shows: one handler per page. A handler reads what it needs, fills a model, and hands it to
//! [`crate::ssr::respond`]. Nothing here changes anything; that is what [`crate::api`] is for.

pub(crate) mod account;
pub(crate) mod activity;
pub(crate) mod applications;
pub(crate) mod chooser;
pub(crate) mod client;
pub(crate) mod client_facts;
pub(crate) mod clients;
pub(crate) mod consent;
pub(crate) mod data;
pub(crate) mod device;
pub(crate) mod door;
pub(crate) mod edit_client;
pub(crate) mod email;
pub(crate) mod enrolment;
pub(crate) mod invitations;
pub(crate) mod mail;
pub(crate) mod mail_sign_in;
pub(crate) mod member;
pub(crate) mod members;
pub(crate) mod not_me;
pub(crate) mod organization_activity;
pub(crate) mod organization_invitations;
pub(crate) mod organization_settings;
pub(crate) mod organizations;
pub(crate) mod passkeys;
pub(crate) mod password;
mod people;
pub(crate) mod phone;
pub(crate) mod policies;
pub(crate) mod profile;
pub(crate) mod requests;
pub(crate) mod roles;
mod rules;
pub(crate) mod second_factor;
pub(crate) mod security;
pub(crate) mod setup;
pub(crate) mod sign_out;
pub(crate) mod why;

use axum::{extract::Query, response::Response};
use ostiary::{
    grant::{self, InteractionView},
    secret::PlainToken,
};
use serde::Deserialize;

pub(crate) use self::{
    people::caller,
    rules::{judged, open_rules},
};
use crate::{
    model::{ErrorKind, Hold},
    ssr::{Visit, respond},
};

/// What may stand in the query of our pages. Each page looks at its own part; what is there twice, or is anything else, is
/// overlooked.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    /// An interaction.
    pub(crate) i: Option<String>,
    /// The token of a link in a mail.
    pub(crate) t: Option<String>,
    /// What the page is about: a session, a request, an application.
    pub(crate) id: Option<String>,
    /// Where to go after signing in.
    pub(crate) next: Option<String>,
    /// Somebody who is not signed in yet wants to, beside those who are.
    pub(crate) another: Option<String>,
    /// The code of a device (RFC 8628 §3.3.1).
    pub(crate) user_code: Option<String>,
    /// What is looked for in a list.
    pub(crate) q: Option<String>,
    /// The second factor that is chosen.
    pub(crate) m: Option<String>,
    /// The last id of the page before, in a list.
    pub(crate) after: Option<String>,
    /// The state of what is shown of a list.
    pub(crate) state: Option<String>,
    /// A secret of an application.
    pub(crate) secret: Option<String>,
    /// A role that is looked for in a list.
    pub(crate) role: Option<String>,
    /// In which order a list comes.
    pub(crate) order: Option<String>,
}

/// The query, read leniently: an address somebody mistyped is a page, not an error.
pub(crate) type AskedQuery = Result<Query<Asked>, axum::extract::rejection::QueryRejection>;

/// See [`AskedQuery`].
pub(crate) fn asked(query: AskedQuery) -> Asked {
    query.map(|Query(asked)| asked).unwrap_or_default()
}

/// The interaction a page belongs to: its handle as text, and what is known of it.
pub(crate) struct Going {
    /// The handle.
    pub(crate) handle: PlainToken,
    /// Who asks, and how far it is.
    pub(crate) view: InteractionView,
}

impl Going {
    /// The handle as it stands in addresses and forms.
    pub(crate) fn text(&self) -> String {
        self.handle.expose().to_owned()
    }
}

/// Looks up the interaction in the query, if one is named; the forms of the page may then lead to its application.
///
/// # Errors
/// The page to show instead: the interaction is over, or something broke.
pub(crate) async fn going(visit: &Visit, i: Option<&str>) -> Result<Option<Going>, Response> {
    let Some(text) = i else { return Ok(None) };
    let over = || respond::error(visit, &ErrorKind::InteractionOver { restart: None, caller: None });
    let handle = crate::ssr::interaction(Some(text)).ok_or_else(over)?;
    let found = grant::find_interaction(&visit.ctx, &handle).await.map_err(|cause| respond::broken(visit, &cause))?;
    let view = found.ok_or_else(over)?;
    visit.allow_form_action(&view.redirect_origin);
    Ok(Some(Going { handle, view }))
}

/// Makes the answer a 429 if what failed was a limit (I5).
pub(crate) fn hold(visit: &Visit, hold: Option<Hold>) {
    if let Some(Hold::TooManyTries { seconds }) = hold {
        visit.hold(seconds);
    }
}
