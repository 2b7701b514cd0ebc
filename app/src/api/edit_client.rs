//! Changing an application (D11).

use std::collections::{BTreeMap, HashMap};

use axum::response::Response;
use http::StatusCode;
use leptos::{prelude::*, server_fn::ServerFnError};
use ostiary::{
    client::{self, ClientSettings, SettingFault, UnreadSetting, UpdateClient, UpdateClientError},
    protocol::RedirectUri,
    text::{DisplayName, TextError},
};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{addresses, clients::to_client, done, encoding::Form, visit};
use crate::{
    model::{
        EditClientPage, EditClientProblem, EditClientValues, Entry, ErrorKind, FURTHER, Flash, NewClientProblem,
        Problem as _, SECTIONS, Shape, capital, entry_of,
    },
    show::{
        clients::{admin_room, turned_away},
        edit_client::{find_editable, page},
    },
    ssr::{Visit, respond, said::Said},
};

/// Fields by their names, whichever there are; which of them are lists, the table of the form says.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Sent(HashMap<String, OneOrMore>);

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl Sent {
    /// What was sent for this field.
    ///
    /// # Errors
    /// It is there twice and is no list.
    fn take(&mut self, name: &str, is_list: bool) -> Result<Vec<String>, Twice> {
        match self.0.remove(name) {
            None => Ok(Vec::new()),
            Some(OneOrMore::One(one)) => Ok(vec![one]),
            Some(OneOrMore::More(more)) if is_list => Ok(more),
            Some(OneOrMore::More(_)) => Err(Twice),
        }
    }
}

/// A field that is no list was sent twice.
struct Twice;

/// `POST /do/edit-client`
#[server(name = DoEditClient, prefix = "/do", endpoint = "edit-client", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_edit_client(
    id: String,
    version: i64,
    client_name: String,
    #[server(flatten)] sent: Sent,
) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let Ok(values) = values(client_name, sent) else {
        return done(respond::error(&visit, &ErrorKind::BadForm));
    };
    done(edit(&visit, id, version, values).await.unwrap_or_else(|instead| instead))
}

fn values(name: String, mut sent: Sent) -> Result<EditClientValues, Twice> {
    let further = sent.take(FURTHER, false)?.pop().unwrap_or_default();
    let mut fields = BTreeMap::new();
    for Entry { setting, shape, .. } in SECTIONS.iter().flat_map(|section| section.entries) {
        fields.insert(*setting, sent.take(setting, matches!(shape, Shape::Some(_)))?);
    }
    Ok(EditClientValues { name, fields, further })
}

async fn edit(visit: &Visit, id: String, version: i64, values: EditClientValues) -> Result<Response, Response> {
    let room = admin_room(visit, None).await?;
    let present = find_editable(visit, &id).await?;
    let as_sent =
        |problems| EditClientPage { version, problems, ..page(visit, room.clone(), &present, values.clone()) };
    let (name, settings) = match read(&values) {
        Ok(read) => read,
        Err(problems) => return Ok(respond::page_with(visit, StatusCode::UNPROCESSABLE_ENTITY, as_sent(problems))),
    };
    let cmd = UpdateClient {
        client_id: id.clone(),
        name: name.clone(),
        settings: settings.clone(),
        is_enabled: None,
        version: Some(version),
    };
    match client::update_client(&visit.ctx, cmd).await {
        Ok(updated) => {
            let flash = if updated.changed.is_empty() { Flash::ClientUnchanged } else { Flash::ClientSaved };
            Ok(to_client(visit, &id, Said::Done(flash)))
        }
        Err(UpdateClientError::Denied(_)) => Err(turned_away(visit)),
        Err(UpdateClientError::NotFound | UpdateClientError::Described) => {
            Err(respond::error(visit, &ErrorKind::NotFound))
        }
        Err(UpdateClientError::Changed) => {
            // Looked at anew: what is there now may be younger than what was found above.
            let present = find_editable(visit, &id).await?;
            let differs = differs(&present, &String::from(name), &settings);
            let page = EditClientPage { differs: Some(differs), ..page(visit, room, &present, values) };
            Ok(respond::page_with(visit, StatusCode::CONFLICT, page))
        }
        Err(UpdateClientError::Settings(problem)) => {
            let problem = at(problem.field(), format!("{}.", capital(&problem.to_string())));
            Ok(respond::page_with(visit, StatusCode::UNPROCESSABLE_ENTITY, as_sent(vec![problem])))
        }
        Err(UpdateClientError::Internal(cause)) => Err(respond::broken(visit, &cause)),
    }
}

/// In what the application as it is differs from what was sent.
fn differs(present: &client::Client, name: &str, settings: &ClientSettings) -> Vec<&'static str> {
    let settings = present.settings.differing(settings);
    let mut labels: Vec<_> =
        settings.iter().map(|name| entry_of(name).map_or("Further settings", |entry| entry.label)).collect();
    labels.dedup();
    if present.name != name {
        labels.insert(0, "Name");
    }
    labels
}

/// All that is wrong with the fields at once, in their order.
fn read(values: &EditClientValues) -> Result<(DisplayName, ClientSettings), Vec<EditClientProblem>> {
    let mut problems = Vec::new();
    let name = DisplayName::try_from(values.name.as_str()).map_err(|error| match error {
        TextError::Missing => at("client_name", NewClientProblem::NameMissing.words()),
        TextError::TooLong | TextError::Malformed => at("client_name", NewClientProblem::NameUnfit.words()),
    });
    let mut members = Map::new();
    for entry in SECTIONS.iter().flat_map(|section| section.entries) {
        let sent = values.fields.get(entry.setting).map(Vec::as_slice).unwrap_or_default();
        match member(entry.shape, sent) {
            Ok(value) => drop(members.insert(entry.setting.to_owned(), value)),
            Err(words) => problems.push(at(entry.setting, words)),
        }
    }
    match further(&values.further) {
        Ok(further) => members.extend(further),
        Err(words) => problems.push(at(FURTHER, words)),
    }
    match (name, ClientSettings::read(&members)) {
        (Ok(name), Ok(settings)) if problems.is_empty() => Ok((name, settings)),
        (name, settings) => {
            problems.extend(settings.err().unwrap_or_default().iter().map(unread));
            problems.extend(name.err());
            problems.sort_by_key(|problem| place(problem.field));
            Err(problems)
        }
    }
}

/// Where a field stands on the page.
fn place(field: &str) -> usize {
    let mut fields = SECTIONS.iter().flat_map(|section| section.entries);
    match field {
        "client_name" => 0,
        _ => fields.position(|entry| entry.setting == field).map_or(usize::MAX, |place| place + 1),
    }
}

/// The value of a setting, from what was sent for it.
fn member(shape: Shape, sent: &[String]) -> Result<Value, String> {
    let one = sent.first().map(|text| text.trim()).unwrap_or_default();
    let or_null = |text: &str| if text.is_empty() { Value::Null } else { Value::from(text) };
    Ok(match shape {
        Shape::Words => one.split_whitespace().collect::<Vec<_>>().join(" ").into(),
        Shape::Link | Shape::One(_) => or_null(one),
        Shape::Number | Shape::Json if one.is_empty() => Value::Null,
        Shape::Number => one.parse::<u32>().map_err(|_| "It takes a whole number.".to_owned())?.into(),
        Shape::Lines => one.lines().map(str::trim).filter(|line| !line.is_empty()).collect(),
        Shape::Returns => {
            let uris = addresses::read(sent.first().map(String::as_str).unwrap_or_default());
            let uris = uris.map_err(|unfit| {
                let lines = unfit.into_iter().map(|(line, why)| format!("Line {line} {why}"));
                lines.collect::<Vec<_>>().join(" ")
            })?;
            uris.iter().map(RedirectUri::as_str).collect()
        }
        Shape::Tick => (one == "1").into(),
        Shape::Some(_) => sent.iter().map(String::as_str).collect(),
        Shape::Json => serde_json::from_str(one).map_err(|cause| format!("It is no JSON: {cause}."))?,
    })
}

/// The settings without a field.
fn further(text: &str) -> Result<Map<String, Value>, String> {
    if text.trim().is_empty() {
        return Ok(Map::new());
    }
    let further: Map<String, Value> =
        serde_json::from_str(text).map_err(|cause| format!("It is no object in JSON: {cause}."))?;
    match further.keys().find_map(|name| entry_of(name)) {
        Some(entry) => Err(format!("{} has a field of its own: {}.", entry.setting, entry.label)),
        None => Ok(further),
    }
}

fn unread(unread: &UnreadSetting) -> EditClientProblem {
    let setting = unread.path.split(['.', '[']).next().unwrap_or_default();
    let words = match (entry_of(setting).map(|entry| entry.shape), &unread.fault) {
        (Some(Shape::Link), SettingFault::Malformed(_)) => {
            "It is no whole address, as in https://app.example/.".to_owned()
        }
        (Some(_), fault) => format!("It {fault}."),
        _ => format!("{unread}."),
    };
    at(setting, words)
}

/// A problem of this setting: at its field, or at the one for all others.
fn at(setting: &str, words: String) -> EditClientProblem {
    let field = match setting {
        "client_name" => "client_name",
        _ => entry_of(setting).map_or(FURTHER, |entry| entry.setting),
    };
    EditClientProblem { field, words }
}
