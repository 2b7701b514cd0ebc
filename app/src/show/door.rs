//! Before the door: the front door itself, signing in, making an account.

use axum::response::Response;
use ostiary::passkey::relying_party_id;

use super::{AskedQuery, asked, caller, going, hold, invitations::followed, open_rules, second_factor};
use crate::{
    model::{OtherWays, RegisterPage, RegisterProblem, RegisterValues, SignInPage, SignInProblem},
    ssr::{Attempts, Next, Visit, respond, said::Said},
};

/// `GET /`
pub(crate) async fn front(visit: Visit) -> Response {
    let path = if visit.live.is_some() { "/account" } else { "/sign-in" };
    respond::redirect(&visit, &visit.site().to(path))
}

/// `GET /sign-in[?i=][&next=][&another=1]`
pub(crate) async fn sign_in(visit: Visit, query: AskedQuery) -> Response {
    let asked = asked(query);
    let next = Next::parse(asked.next.as_deref());
    let going = match going(&visit, asked.i.as_deref()).await {
        Ok(going) => going,
        Err(instead) => return instead,
    };
    let another = asked.another.is_some();
    match &going {
        // A tab that was left here while the person signed in in another one.
        Some(going) if going.view.signed_in && !another => {
            let to = visit.site().to_with("/connect/resume", Some(going.handle.expose()));
            return respond::redirect(&visit, &to);
        }
        Some(going) => {
            if let Some(least) = going.view.more
                && !another
                && let Some(response) = second_factor::step_up(&visit, going, least).await
            {
                return response;
            }
        }
        None if visit.live.is_some() && !another => {
            return respond::redirect(&visit, &visit.site().to(next.path()));
        }
        None => {}
    }
    // Others are signed in here: which of them it is to be, is asked first (C2).
    if visit.live.is_none() && !another {
        match visit.accounts().await {
            Ok(accounts) if accounts.iter().any(|account| account.is_live) => {
                let i = going.as_ref().map(super::Going::text);
                return respond::redirect(&visit, &next.along(visit.site(), "/sign-in/choose", i.as_deref(), &[]));
            }
            Ok(_) => {}
            Err(cause) => return respond::broken(&visit, &cause),
        }
    }
    let mut page = SignInPage {
        interaction: going.as_ref().map(super::Going::text),
        caller: going.as_ref().map(|going| caller(&going.view)),
        next: next.code(),
        another,
        ways: OtherWays {
            passkeys: relying_party_id(visit.ctx.config()).is_some(),
            mail: visit.ctx.config().sign_in.by_email,
        },
        number: Some(Attempts::number(visit.house().core())),
        ..SignInPage::default()
    };
    match visit.take_said() {
        Some(Said::SignIn { username, stay, problem, done }) => {
            page = SignInPage { username, stay, problem, flash: done, ..page };
        }
        Some(Said::Done(flash)) => page.flash = Some(flash),
        _ => {}
    }
    if page.username.is_empty() {
        let hint = going.as_ref().and_then(|going| going.view.login_hint.clone());
        let again = going.filter(|going| going.view.reauthenticate).and(visit.live.as_ref());
        page.username = hint.or_else(|| again.map(|live| live.user.email.clone())).unwrap_or_default();
    }
    if page.username.is_empty() {
        match followed(&visit, next).await {
            Ok(found) => page.username = found.map(|found| found.invitation.email.into()).unwrap_or_default(),
            Err(cause) => return respond::broken(&visit, &cause),
        }
    }
    if let Some(SignInProblem::Held(held)) = page.problem {
        hold(&visit, Some(held));
    }
    if page.ways.passkeys {
        visit.allow_fetching();
    }
    respond::page(&visit, page)
}

/// `GET /register[?i=][&next=]`: for whoever followed the link of an invitation, with its address.
pub(crate) async fn register(visit: Visit, query: AskedQuery) -> Response {
    let asked = asked(query);
    let going = match going(&visit, asked.i.as_deref()).await {
        Ok(going) => going,
        Err(instead) => return instead,
    };
    let next = Next::parse(asked.next.as_deref());
    if going.is_none() && visit.live.is_some() {
        return respond::redirect(&visit, &visit.site().to(next.path()));
    }
    let invited = match followed(&visit, next).await {
        Ok(invited) => invited,
        Err(cause) => return respond::broken(&visit, &cause),
    };
    let email = invited.as_ref().map(|found| found.invitation.email.to_string()).unwrap_or_default();
    let typed = RegisterValues { email, ..RegisterValues::default() };
    let (values, rules, problems) = match visit.take_said() {
        Some(Said::Register { values, rules, problems }) => (values, rules, problems),
        _ if !visit.site().registration_open() => {
            (typed, open_rules(&visit.ctx.config().password), vec![RegisterProblem::Closed])
        }
        _ => (typed, open_rules(&visit.ctx.config().password), Vec::new()),
    };
    let held = problems.iter().find_map(|p| if let RegisterProblem::Held(held) = p { Some(*held) } else { None });
    hold(&visit, held);
    let interaction = going.as_ref().map(super::Going::text);
    let caller = going.as_ref().map(|going| caller(&going.view));
    let organization = invited.map(|found| found.organization);
    let next = organization.as_ref().and_then(|_| next.code());
    respond::page(&visit, RegisterPage { interaction, caller, next, organization, values, rules, problems })
}
