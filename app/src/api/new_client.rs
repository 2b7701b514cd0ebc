//! A new application (D11).

use axum::response::Response;
use http::StatusCode;
use leptos::{prelude::*, server_fn::ServerFnError};
use ostiary::{
    client::{self, ClientSettings, CreateClient, CreateClientError, SettingsProblem},
    protocol::{GrantType, RedirectUri, RedirectUriError, ScopeSet, TokenEndpointAuthMethod},
    text::{DisplayName, TextError},
};
use serde::Deserialize;

use super::{clients::to_client, done, encoding::Form, filled, visit};
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
    let lines = values.redirect_uris.lines().map(str::trim).enumerate().filter(|(_, line)| !line.is_empty());
    let read = |(number, line): (usize, &str)| {
        RedirectUri::parse(line)
            .map_err(|error| NewClientProblem::AddressUnfit { line: number + 1, why: why_not(error) })
    };
    let (uris, unfit): (Vec<_>, Vec<_>) = lines.map(read).partition(Result::is_ok);
    let redirect_uris = uris.into_iter().flatten().collect();
    let unfit = unfit.into_iter().filter_map(Result::err);
    match name {
        Ok(name) => {
            let problems: Vec<_> = unfit.collect();
            let id = filled(values.client_id.trim().to_owned());
            let settings = settings(values.kind, redirect_uris);
            if problems.is_empty() { Ok(CreateClient { id, name, settings }) } else { Err(problems) }
        }
        Err(problem) => Err([problem].into_iter().chain(unfit).collect()),
    }
}

/// What an application of this kind is registered with, unless somebody says otherwise.
fn settings(kind: ClientSort, redirect_uris: Vec<RedirectUri>) -> ClientSettings {
    let settings = ClientSettings { redirect_uris, ..ClientSettings::default() };
    match kind {
        ClientSort::Web => settings,
        ClientSort::Public => ClientSettings { auth_method: TokenEndpointAuthMethod::None, ..settings },
        ClientSort::Machine => {
            let grant_types = vec![GrantType::ClientCredentials];
            ClientSettings { grant_types, scopes: ScopeSet::empty(), ..settings }
        }
    }
}

/// Why an address cannot be registered, after "Line 2".
const fn why_not(error: RedirectUriError) -> &'static str {
    match error {
        RedirectUriError::TooLong => "has more than 2048 characters.",
        RedirectUriError::Character => "holds a character that an address may not hold.",
        RedirectUriError::NotAbsolute => "is no whole address. It begins as in https://app.example/callback.",
        RedirectUriError::Fragment => "has a part behind #. Leave that out.",
        RedirectUriError::UserInfo => "holds a user name or a password. Leave that out.",
        RedirectUriError::Wildcard => "holds an asterisk. Write every address in full.",
        RedirectUriError::InsecureScheme => "begins with http. That is for this machine only; others need https.",
        RedirectUriError::Scheme => "begins neither with https nor with a scheme such as com.example.app.",
        RedirectUriError::Authority => "has a host or port that is missing or written in an unusual way.",
        RedirectUriError::NotPlain => "is not written in its plain form: a browser would change it.",
        RedirectUriError::ReservedParameter => "holds a parameter that our answer uses, such as code or state.",
    }
}
