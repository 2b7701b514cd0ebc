//! A scope stays while something that stays names it: a client that may ask for it, or an API that owns it.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    apply::ApplyError,
    catalogue,
    object::{Kind, Object},
    work::Work,
};
use crate::{client::steps, db::Conn, protocol::ScopeSet, resource::Entry};

/// How many users of a scope are named at most.
const MOST_NAMED: usize = 5;
/// How many clients are read at once.
const PAGE: u32 = 200;

/// Who would still name the scopes that are to go.
struct Users<'a>(BTreeMap<&'a str, Vec<Object>>);

impl Users<'_> {
    fn note(&mut self, user: &Object, scopes: &ScopeSet) {
        for (scope, users) in &mut self.0 {
            if scopes.contains_str(scope) && users.len() < MOST_NAMED {
                users.push(user.clone());
            }
        }
    }
}

/// Looks for users of the scopes that are to go, if any are. `there` are the scopes and APIs as they are.
///
/// # Errors
/// There is one.
pub(super) async fn check(conn: &mut Conn, there: &[Entry], works: &[Work]) -> Result<(), ApplyError> {
    let going = works.iter().filter(|work| work.goes() && work.object.kind == Kind::Scope);
    let mut users = Users(going.map(|work| (work.object.id.as_str(), Vec::new())).collect());
    if users.0.is_empty() {
        return Ok(());
    }
    for work in works {
        if let Some(scopes) = work.scopes() {
            users.note(&work.object, scopes);
        }
    }
    // What there is nothing to do about is as it was.
    let worked: BTreeSet<&Object> = works.iter().map(|work| &work.object).collect();
    for entry in there {
        let object = catalogue::object(entry);
        if let Some(scopes) = entry.scopes().filter(|_| !worked.contains(&object)) {
            users.note(&object, scopes);
        }
    }
    let mut after = String::new();
    loop {
        let page = steps::list(conn, &after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after.clone_from(&last.id);
        for client in &page {
            let object = Object::new(Kind::Client, &client.id);
            if !worked.contains(&object) {
                users.note(&object, &client.settings.scopes);
            }
        }
    }
    match users.0.into_iter().find(|(_, users)| !users.is_empty()) {
        Some((scope, mut users)) => {
            users.sort();
            Err(ApplyError::InUse { object: Object::new(Kind::Scope, scope), users })
        }
        None => Ok(()),
    }
}
