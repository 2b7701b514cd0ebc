//! The accounts of a browser, each with its organisations as keys on a ring: which shall it be?

use leptos::prelude::*;

use super::{Page, head};
use crate::components::{Badge, Button, ButtonLink, CallerHead, CallerTile, Door, Face, FlashNote, Hidden, Kind, door};
use crate::model::{AccountChoice, Caller, ChooserPage, OrganizationChoice, Site, capital};

impl Page for ChooserPage {
    fn title(&self, _: &Site) -> String {
        let title = if self.has_rings() && self.caller.is_some() { "Continue as" } else { "Choose an account" };
        title.to_owned()
    }

    fn view(self, site: &Site) -> AnyView {
        let sentence = match &self.caller {
            Some(caller) if self.has_rings() && self.accounts.len() > 1 => {
                format!("Pick the account and the organisation {} should see.", caller.name)
            }
            Some(caller) if self.has_rings() => format!("Pick the organisation {} should see.", caller.name),
            Some(caller) => format!("Who shall {} see?", caller.name),
            None => "These are signed in in this browser, or were.".to_owned(),
        };
        let sees = self.caller.as_ref().filter(|_| self.has_rings()).map(|caller| {
            let sees = format!("{} sees its name, your role there, and what you may do.", caller.name);
            view! { <p class="text-ink-3 text-sm">{sees}</p> }
        });
        let title = self.title(site);
        let travels = || {
            let (interaction, next) = (self.interaction.clone(), self.next.map(str::to_owned));
            view! { <Hidden name="i" value=interaction/> <Hidden name="next" value=next/> }
        };
        let choice = |(at, account): (usize, &AccountChoice)| {
            if account.organizations.is_empty() {
                row(site, account, &travels)
            } else {
                ring(site, account, at, &travels)
            }
        };
        let accounts = self.accounts.iter().enumerate().map(choice).collect_view();
        let all = self.accounts.iter().filter(|account| account.is_live).count() > 1;
        let all = all.then(|| {
            view! {
                <form method="post" action=site.to("/do/sign-out-all")>
                    <Button kind=Kind::Quiet>"Sign out of all"</Button>
                </form>
            }
        });
        let another = site.along("/sign-in", self.interaction.as_deref(), self.next, &[("another", "1")]);
        let panel = view! {
            <CallerHead caller=self.caller.clone()/>
            {head(title, sentence)}
            <FlashNote flash=self.flash/>
            <ul class="grid gap-2.5">{accounts}</ul>
            {sees}
            <div class="flex flex-wrap items-center justify-between gap-2.5">
                <ButtonLink href=another kind=Kind::Quiet>"Use another account"</ButtonLink>
                {all}
            </div>
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: self.has_rings() })
    }
}

impl ChooserPage {
    fn has_rings(&self) -> bool {
        self.accounts.iter().any(|account| !account.organizations.is_empty())
    }
}

fn badge(account: &AccountChoice) -> AnyView {
    match (account.is_current, account.is_live) {
        (true, _) => view! { <Badge class="good">"Now"</Badge> }.into_any(),
        (false, true) => view! { <Badge class="good">"Signed in"</Badge> }.into_any(),
        (false, false) => view! { <Badge>"Signed out"</Badge> }.into_any(),
    }
}

/// The small button that makes the browser forget an account.
fn leave<V: IntoView + 'static>(site: &Site, account: &AccountChoice, class: &'static str, travels: V) -> AnyView {
    let leave = if account.is_live { "Sign out" } else { "Forget" };
    let label = format!("{leave} {}", account.person.called());
    view! {
        <form class=class method="post" action=site.to("/do/leave-account")>
            {travels}
            <Hidden name="as" value=account.session.clone()/>
            <button class="btn quiet" type="submit" aria-label=label>{leave}</button>
        </form>
    }
    .into_any()
}

/// One account: the row chooses it.
fn row<V: IntoView + 'static>(site: &Site, account: &AccountChoice, travels: &impl Fn() -> V) -> AnyView {
    let name = account.person.called().to_owned();
    let email = account.person.email.clone();
    let small = match (account.is_live, name == email) {
        (true, true) => None,
        (true, false) => Some(email),
        (false, true) => Some("Asks for your password".to_owned()),
        (false, false) => Some(format!("{email} · asks for your password")),
    };
    view! {
        <li class="grid grid-cols-[minmax(0,1fr)_auto] max-row:grid-cols-1 items-center rounded-md border border-line bg-surface overflow-clip">
            <form method="post" action=site.to("/do/choose-account")>
                {travels()}
                <button
                    class="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-3.5 w-full min-h-15 px-3.5 py-2.5 text-start cursor-pointer hover:bg-door-soft"
                    type="submit"
                    name="as"
                    value=account.session.clone()
                >
                    <Face person=account.person.clone()/>
                    <span class="min-w-0 leading-snug">
                        <span class="flex flex-wrap items-center gap-x-2.5 gap-y-1">
                            <b class="min-w-0 wrap-anywhere">{name}</b>
                            {badge(account)}
                        </span>
                        {small.map(|small| view! { <small class="block text-ink-3 text-xs wrap-anywhere">{small}</small> })}
                    </span>
                </button>
            </form>
            {leave(site, account, "grid pe-1.5 max-row:p-0 max-row:border-t max-row:border-line", travels())}
        </li>
    }
    .into_any()
}

/// One account and its organisations: each key chooses both.
fn ring<V: IntoView + 'static>(site: &Site, account: &AccountChoice, at: usize, travels: &impl Fn() -> V) -> AnyView {
    let (name, email) = (account.person.called().to_owned(), account.person.email.clone());
    let second = (name != email).then(|| view! { <p class="text-ink-3 text-xs wrap-anywhere">{email}</p> });
    let id = format!("account-{at}");
    let keys = account.organizations.iter().map(key).collect_view();
    view! {
        <li class="grid gap-2 not-first:pt-3.5 not-first:border-t not-first:border-line not-last:pb-1">
            <div class="flex flex-wrap items-center gap-x-3 gap-y-1 leading-snug">
                <Face person=account.person.clone()/>
                <div class="flex-1 min-w-0 basis-40">
                    <div class="flex flex-wrap items-center gap-x-2.5 gap-y-1">
                        <h2 class="text-base min-w-0 wrap-anywhere" id=id.clone()>{name}</h2>
                        {badge(account)}
                    </div>
                    {second}
                </div>
                {leave(site, account, "grid max-row:ms-10 max-row:basis-full max-row:justify-items-start", travels())}
            </div>
            <form method="post" action=site.to("/do/choose-account") aria-labelledby=id>
                {travels()}
                <Hidden name="as" value=account.session.clone()/>
                <ul class="keyring">{keys}</ul>
            </form>
        </li>
    }
    .into_any()
}

/// One organisation of an account.
fn key(choice: &OrganizationChoice) -> AnyView {
    let small = match (choice.is_last, choice.is_personal, choice.asks_for_more) {
        (true, _, false) => Some("Used last time"),
        (true, _, true) => Some("Used last time · asks for a second step"),
        (false, true, false) => Some("Only you"),
        (false, _, true) => Some("Asks for a second step"),
        (false, false, false) => None,
    };
    let class = if choice.is_last {
        "grid grid-cols-[auto_minmax(0,1fr)_auto] max-row:grid-cols-[auto_minmax(0,1fr)] items-center gap-x-3.5 gap-y-1 w-full min-h-14 px-3.5 py-2 text-start cursor-pointer rounded-md border border-door-line bg-door-soft hover:border-door"
    } else {
        "grid grid-cols-[auto_minmax(0,1fr)_auto] max-row:grid-cols-[auto_minmax(0,1fr)] items-center gap-x-3.5 gap-y-1 w-full min-h-14 px-3.5 py-2 text-start cursor-pointer rounded-md border border-line bg-surface hover:border-door hover:bg-door-soft"
    };
    let (name, role) = (choice.name.clone(), capital(&choice.role));
    let tile = Caller { id: choice.id.clone(), name: choice.name.clone(), ..Caller::default() };
    view! {
        <li>
            <button class=class type="submit" name="organization" value=choice.id.clone()>
                <CallerTile caller=tile/>
                <span class="min-w-0 leading-snug">
                    <b class="block wrap-anywhere">{name}</b>
                    {small.map(|small| view! { <small class="block text-ink-3 text-xs">{small}</small> })}
                </span>
                <span class="max-row:col-start-2"><Badge>{role}</Badge></span>
            </button>
        </li>
    }
    .into_any()
}
