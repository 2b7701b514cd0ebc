//! A new application (D11).

use axum::response::Response;
use http::StatusCode;
use leptos::{prelude::*, server_fn::ServerFnError};
use ostiary::{
    client::{self, ClientSettings, CreateClient, CreateClientError, SettingsProblem},
    protocol::{GrantType, RedirectUri, ScopeSet, TokenEndpointAuthMethod},
    text::{DisplayName, TextError},
};
use serde::Deserialize;
use url::Url;

use super::{addresses, clients::to_client, done, encoding::Form, filled, visit};
use crate::{
    model::{ClientSort, Flash, NewClientPage, NewClientProblem, NewClientValues},
    show::clients::{admin_room, turned_away},
    ssr::{Visit, respond, said::Said},
};

/// `POST /do/create-client`
#[server(name = DoCreateClient, prefix = "/do", endpoint = "create-client", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_create_client(
    client_name: String,
    kind: ClientSort,
    #[server(default)] redirect_uris: String,
    #[server(default)] client_id: String,
) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let values = NewClientValues { name: client_name, kind, redirect_uris, client_id };
    done(create(&visit, values).await.unwrap_or_else(|instead| instead))
}

async fn create(visit: &Visit, values: NewClientValues) -> Result<Response, Response> {
    let room = admin_room(visit, None).await?;
    let problems = match read(&values) {
        Ok(cmd) => match client::create_client(&visit.ctx, cmd).await {
            Ok(made) => {
                let said = made.client_secret.map_or(Said::Done(Flash::ClientMade), Said::ClientSecret);
                return Ok(to_client(visit, &made.client_id, said));
            }
            Err(CreateClientError::Denied(_)) => return Err(turned_away(visit)),
            Err(CreateClientError::Internal(cause)) => return Err(respond::broken(visit, &cause)),
            Err(CreateClientError::Id) => vec![NewClientProblem::IdUnfit],
            Err(CreateClientError::Taken) => vec![NewClientProblem::IdTaken],
            Err(CreateClientError::Settings(SettingsProblem::NoRedirectUri)) => {
                vec![NewClientProblem::AddressMissing]
            }
            Err(CreateClientError::Settings(_)) => vec![NewClientProblem::Unworkable],
        },
        Err(problems) => problems,
    };
    // What was typed may be longer than a cookie, so the answer to the form is the page itself.
    let page = NewClientPage { room, values, problems };
    Ok(respond::page_with(visit, StatusCode::UNPROCESSABLE_ENTITY, page))
}

/// All that is wrong with the fields at once, in their order.
fn read(values: &NewClientValues) -> Result<CreateClient, Vec<NewClientProblem>> {
    let name = DisplayName::try_from(values.name.as_str()).map_err(|error| match error {
        TextError::Missing => NewClientProblem::NameMissing,
        TextError::TooLong | TextError::Malformed => NewClientProblem::NameUnfit,
    });
    let uris = addresses::read(&values.redirect_uris).map_err(|unfit| {
        unfit.into_iter().map(|(line, why)| NewClientProblem::AddressUnfit { line, why }).collect::<Vec<_>>()
    });
    match (name, uris) {
        (Ok(name), Ok(redirect_uris)) => {
            let id = filled(values.client_id.trim().to_owned());
            Ok(CreateClient { id, name, settings: settings(values.kind, redirect_uris) })
        }
        (name, uris) => Err(name.err().into_iter().chain(uris.err().unwrap_or_default()).collect()),
    }
}

/// What an application of this kind is registered with, unless somebody says otherwise.
fn settings(kind: ClientSort, redirect_uris: Vec<RedirectUri>) -> ClientSettings {
    let settings = ClientSettings { redirect_uris, ..ClientSettings::default() };
    match kind {
        ClientSort::Web => settings,
        ClientSort::Public => {
            // Where its page is, its script is (I6).
            let is_web = |uri: &RedirectUri| Url::parse(uri.as_str()).ok().filter(|url| url.scheme() == "https");
            let mut allowed_origins: Vec<_> = settings
                .redirect_uris
                .iter()
                .filter_map(is_web)
                .map(|url| url.origin().ascii_serialization())
                .collect();
            allowed_origins.dedup();
            ClientSettings { auth_method: TokenEndpointAuthMethod::None, allowed_origins, ..settings }
        }
        ClientSort::Machine => {
            let grant_types = vec![GrantType::ClientCredentials];
            ClientSettings { grant_types, scopes: ScopeSet::empty(), ..settings }
        }
    }
}
