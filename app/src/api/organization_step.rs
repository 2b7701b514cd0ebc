//! For which organisation somebody comes to an application (C2, E12).

use leptos::{prelude::*, server_fn::ServerFnError};
use ostiary::grant;
use serde::Deserialize;

use super::{done, encoding::Form, visit};
use crate::{
    model::ErrorKind,
    ssr::{self, respond},
};

/// `POST /do/say-organization`: an organisation that is not theirs changes nothing; the request leads back to the list.
#[server(name = DoSayOrganization, prefix = "/do", endpoint = "say-organization", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_say_organization(i: String, organization: String) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let over = ErrorKind::InteractionOver { restart: None, caller: None };
    let Some(handle) = ssr::interaction(Some(&i)) else { return done(respond::error(&visit, &over)) };
    if let Ok(id) = organization.parse()
        && let Err(cause) = grant::say_organization(&visit.ctx, &handle, id).await
    {
        return done(respond::broken(&visit, &cause));
    }
    done(respond::redirect(&visit, &visit.site().to_with("/connect/resume", Some(handle.expose()))))
}
