//! The accounts of this browser (C2).

use axum::response::Response;

use super::{AskedQuery, account::flash, asked, caller, going};
use crate::{
    model::{AccountChoice, ChooserPage, Person},
    ssr::{Next, Visit, respond},
};

/// `GET /sign-in/choose[?i=][&next=]`
pub(crate) async fn choose(visit: Visit, query: AskedQuery) -> Response {
    let asked = asked(query);
    let next = Next::parse(asked.next.as_deref());
    let going = match going(&visit, asked.i.as_deref()).await {
        Ok(going) => going,
        Err(instead) => return instead,
    };
    let accounts = match visit.accounts().await {
        Ok(accounts) => accounts,
        Err(cause) => return respond::broken(&visit, &cause),
    };
    let interaction = going.as_ref().map(super::Going::text);
    if accounts.is_empty() {
        return respond::redirect(&visit, &next.along(visit.site(), "/sign-in", interaction.as_deref(), &[]));
    }
    let current = visit.live.as_ref().map(|live| live.actor.session_id);
    let hint = going.as_ref().and_then(|going| going.view.login_hint.as_deref()).unwrap_or_default().to_lowercase();
    let mut accounts: Vec<_> = accounts
        .into_iter()
        .map(|account| AccountChoice {
            session: account.session_id.to_string(),
            is_live: account.is_live,
            is_current: current == Some(account.session_id),
            person: Person::of(account.user_id, account.user),
        })
        .collect();
    // Whom the application has in mind stands first.
    accounts.sort_by_key(|account| account.person.email.to_lowercase() != hint);
    let page = ChooserPage {
        interaction,
        caller: going.as_ref().map(|going| caller(&going.view)),
        next: next.code(),
        flash: flash(&visit),
        accounts,
    };
    respond::page(&visit, page)
}
