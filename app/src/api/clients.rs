//! What administrators do with an application (D11). Whoever may not learns nothing: see [`turned_away`].

use std::time::Duration;

use leptos::{prelude::*, server_fn::ServerFnError};
use ostiary::client::{
    self, DeleteClient, DeleteClientError, RevokeClientSecret, RevokeClientSecretError, RotateClientSecret,
    RotateClientSecretError, SetClientEnabled, SetClientEnabledError,
};
use serde::Deserialize;

use super::{done, encoding::Form, visit};
use crate::{
    model::{ErrorKind, Flash, KeepOld},
    show::clients::turned_away,
    ssr::{Visit, respond, said::Said},
};

/// The two ways an application can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Turn {
    /// "Turn on"
    On,
    /// "Turn off"
    Off,
}

/// `POST /do/new-client-secret`
#[server(name = DoNewClientSecret, prefix = "/do", endpoint = "new-client-secret", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_new_client_secret(id: String, #[server(default)] keep: KeepOld) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let cmd = RotateClientSecret { client_id: id.clone(), keep_old_for: Duration::from_secs(keep.seconds()) };
    done(match client::rotate_client_secret(&visit.ctx, cmd).await {
        Ok(made) => to_client(&visit, &id, Said::ClientSecret(made.client_secret)),
        Err(RotateClientSecretError::Denied(_)) => turned_away(&visit),
        Err(RotateClientSecretError::NotFound | RotateClientSecretError::NoSecret) => {
            respond::error(&visit, &ErrorKind::NotFound)
        }
        Err(RotateClientSecretError::Internal(cause)) => respond::broken(&visit, &cause),
    })
}

/// `POST /do/end-client-secret`
#[server(name = DoEndClientSecret, prefix = "/do", endpoint = "end-client-secret", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_end_client_secret(id: String, secret: String) -> Result<(), ServerFnError> {
    let visit = visit()?;
    // Who may not is told so before what is asked for is looked at.
    let Ok(secret_id) = secret.parse() else { return done(turned_away(&visit)) };
    let cmd = RevokeClientSecret { client_id: id.clone(), secret_id };
    done(match client::revoke_client_secret(&visit.ctx, cmd).await {
        Ok(()) => to_client(&visit, &id, Said::Done(Flash::ClientSecretEnded)),
        Err(RevokeClientSecretError::Denied(_)) => turned_away(&visit),
        Err(RevokeClientSecretError::NotFound) => respond::error(&visit, &ErrorKind::NotFound),
        Err(RevokeClientSecretError::Internal(cause)) => respond::broken(&visit, &cause),
    })
}

/// `POST /do/turn-client`
#[server(name = DoTurnClient, prefix = "/do", endpoint = "turn-client", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_turn_client(id: String, turn: Turn) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let is_enabled = turn == Turn::On;
    done(match client::set_client_enabled(&visit.ctx, SetClientEnabled { client_id: id.clone(), is_enabled }).await {
        Ok(()) => {
            let flash = if is_enabled { Flash::ClientOn } else { Flash::ClientOff };
            to_client(&visit, &id, Said::Done(flash))
        }
        Err(SetClientEnabledError::Denied(_)) => turned_away(&visit),
        Err(SetClientEnabledError::NotFound) => respond::error(&visit, &ErrorKind::NotFound),
        Err(SetClientEnabledError::Changed) => to_client(&visit, &id, Said::Done(Flash::SomebodyChanged)),
        Err(SetClientEnabledError::Internal(cause)) => respond::broken(&visit, &cause),
    })
}

/// `POST /do/delete-client`
#[server(name = DoDeleteClient, prefix = "/do", endpoint = "delete-client", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_delete_client(id: String, version: i64) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let cmd = DeleteClient { client_id: id.clone(), version: Some(version) };
    done(match client::delete_client(&visit.ctx, cmd).await {
        Ok(()) => {
            let to = visit.site().to("/admin/clients");
            visit.say(&to, Said::Done(Flash::ClientDeleted));
            respond::redirect(&visit, &to)
        }
        Err(DeleteClientError::Denied(_)) => turned_away(&visit),
        Err(DeleteClientError::NotFound) => respond::error(&visit, &ErrorKind::NotFound),
        Err(DeleteClientError::Changed) => to_client(&visit, &id, Said::Done(Flash::SomebodyChanged)),
        Err(DeleteClientError::Internal(cause)) => respond::broken(&visit, &cause),
    })
}

/// To the page of an application, with what it has to tell.
pub(super) fn to_client(visit: &Visit, id: &str, said: Said) -> axum::response::Response {
    let to = visit.site().to_query("/admin/clients/client", "id", id);
    visit.say(&to, said);
    respond::redirect(visit, &to)
}
