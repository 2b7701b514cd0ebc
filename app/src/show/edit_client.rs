//! The form that an application is changed with (D11).

use axum::response::Response;
use ostiary::client::{Client, ClientSettings, registration::Origin};
use serde_json::Value;

use super::{
    AskedQuery, asked,
    client::find,
    client_facts::untold,
    clients::{admin_room, row},
};
use crate::{
    model::{EditClientPage, EditClientValues, ErrorKind, Room, SECTIONS, Shape},
    ssr::{Visit, respond},
};

/// `GET /admin/clients/edit?id=`
pub(crate) async fn edit(visit: Visit, query: AskedQuery) -> Response {
    match form(&visit, query).await {
        Ok(page) => respond::page(&visit, page),
        Err(instead) => instead,
    }
}

async fn form(visit: &Visit, query: AskedQuery) -> Result<EditClientPage, Response> {
    let room = admin_room(visit, None).await?;
    let client = find_editable(visit, asked(query).id.as_deref().unwrap_or_default()).await?;
    Ok(page(visit, room, &client, values(&client)))
}

/// The application of this id, if it is changed here: one that is a document follows the document alone.
///
/// # Errors
/// The answer instead. That none is changed which a document describes, `update_client` sees to; here nobody is shown a form for it.
pub(crate) async fn find_editable(visit: &Visit, id: &str) -> Result<Client, Response> {
    let client = find(visit, Some(id)).await?;
    if client.origin() == Some(Origin::Document) {
        return Err(respond::error(visit, &ErrorKind::NotFound));
    }
    Ok(client)
}

/// The form about `client` with these values in it, nothing wrong.
pub(crate) fn page(visit: &Visit, room: Room, client: &Client, values: EditClientValues) -> EditClientPage {
    EditClientPage {
        room,
        client: row(visit, client, visit.ctx.now()),
        version: client.version,
        owner: client.owner.clone(),
        values,
        problems: vec![],
        differs: None,
    }
}

/// What stands in the fields of a form about an application as it is.
fn values(client: &Client) -> EditClientValues {
    let members = client.settings.members();
    let fields = SECTIONS.iter().flat_map(|section| section.entries).map(|entry| {
        let value = members.get(entry.setting).unwrap_or(&Value::Null);
        (entry.setting, sent(entry.shape, value))
    });
    EditClientValues { name: client.name.clone(), fields: fields.collect(), further: further(&client.settings) }
}

/// What a form sends for a field that holds this.
fn sent(shape: Shape, value: &Value) -> Vec<String> {
    let texts = |list: &[Value]| list.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>();
    match (shape, value) {
        (_, Value::Null | Value::Bool(false)) => vec![],
        (Shape::Tick, _) => vec!["1".to_owned()],
        (Shape::Json, value) => vec![pretty(value)],
        (Shape::Some(_), Value::Array(list)) => texts(list),
        (_, Value::Array(list)) => vec![texts(list).join("\n")],
        (_, Value::String(text)) => vec![text.clone()],
        (_, value) => vec![value.to_string()],
    }
}

/// The settings without a field.
fn further(settings: &ClientSettings) -> String {
    let found = untold(settings);
    if found.is_empty() { String::new() } else { pretty(&Value::Object(found)) }
}

/// JSON over several lines.
fn pretty(value: &Value) -> String {
    format!("{value:#}")
}
