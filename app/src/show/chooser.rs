//! The accounts of this browser, and the organisations of each (C2).

use axum::response::Response;
use ostiary::{error::Internal, id::SessionId, org};

use super::{AskedQuery, account::flash, asked, caller, going};
use crate::{
    model::{AccountChoice, ChooserPage, OrganizationChoice, Person},
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
    // To an application without organisations the account is all there is to say.
    let least = match &going {
        Some(going) if going.view.choose_organization => Some(1),
        Some(_) => None,
        None => Some(2),
    };
    let mut choices = Vec::new();
    for account in accounts {
        let organizations = match least {
            Some(least) => match organizations(&visit, account.session_id).await {
                Ok(found) if found.len() >= least => found,
                Ok(_) => Vec::new(),
                Err(cause) => return respond::broken(&visit, &cause),
            },
            None => Vec::new(),
        };
        choices.push(AccountChoice {
            session: account.session_id.to_string(),
            is_live: account.is_live,
            is_current: current == Some(account.session_id),
            person: Person::of(account.user_id, account.user),
            organizations,
        });
    }
    let mut accounts = choices;
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

/// Where the account of one of this browser's sessions can act, the one used last first; of those that are over nothing is told.
async fn organizations(visit: &Visit, session: SessionId) -> Result<Vec<OrganizationChoice>, Internal> {
    let Some(ctx) = visit.ctx_of(session).await? else { return Ok(Vec::new()) };
    let places = org::find_places(&ctx).await?;
    let choice = |mine: org::Mine| OrganizationChoice {
        id: mine.organization.id.to_string(),
        role: mine.role,
        is_last: places.preferred == Some(mine.organization.id),
        is_personal: mine.organization.personal_of.is_some(),
        asks_for_more: mine.organization.mfa.require_mfa,
        name: mine.organization.name,
    };
    let mut choices: Vec<_> = places.organizations.into_iter().map(choice).collect();
    choices.sort_by_key(|choice| !choice.is_last);
    Ok(choices)
}
