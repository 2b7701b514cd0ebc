//! The accounts of a browser: which shall it be?

use leptos::prelude::*;

use super::{Page, head};
use crate::components::{Badge, Button, ButtonLink, CallerHead, Door, Face, FlashNote, Hidden, Kind, door};
use crate::model::{AccountChoice, ChooserPage, Site};

impl Page for ChooserPage {
    fn title(&self, _: &Site) -> String {
        "Choose an account".to_owned()
    }

    fn view(self, site: &Site) -> AnyView {
        let sentence = match &self.caller {
            Some(caller) => format!("Who shall {} see?", caller.name),
            None => "These are signed in in this browser, or were.".to_owned(),
        };
        let travels = || {
            let (interaction, next) = (self.interaction.clone(), self.next.map(str::to_owned));
            view! { <Hidden name="i" value=interaction/> <Hidden name="next" value=next/> }
        };
        let accounts = self.accounts.iter().map(|account| row(site, account, &travels)).collect_view();
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
            {head(self.title(site), sentence)}
            <FlashNote flash=self.flash/>
            <ul class="grid gap-2.5">{accounts}</ul>
            <div class="flex flex-wrap items-center justify-between gap-2.5">
                <ButtonLink href=another kind=Kind::Quiet>"Use another account"</ButtonLink>
                {all}
            </div>
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: false })
    }
}

/// One account: the row chooses it, the small button beside it makes the browser forget it.
fn row<V: IntoView + 'static>(site: &Site, account: &AccountChoice, travels: &impl Fn() -> V) -> AnyView {
    let name = account.person.called().to_owned();
    let email = account.person.email.clone();
    let small = match (account.is_live, name == email) {
        (true, true) => None,
        (true, false) => Some(email),
        (false, true) => Some("Asks for your password".to_owned()),
        (false, false) => Some(format!("{email} · asks for your password")),
    };
    let badge = match (account.is_current, account.is_live) {
        (true, _) => view! { <Badge class="good">"Now"</Badge> }.into_any(),
        (false, true) => view! { <Badge class="good">"Signed in"</Badge> }.into_any(),
        (false, false) => view! { <Badge>"Signed out"</Badge> }.into_any(),
    };
    let leave = if account.is_live { "Sign out" } else { "Forget" };
    let label = format!("{leave} {name}");
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
                            {badge}
                        </span>
                        {small.map(|small| view! { <small class="block text-ink-3 text-xs wrap-anywhere">{small}</small> })}
                    </span>
                </button>
            </form>
            <form class="grid pe-1.5 max-row:p-0 max-row:border-t max-row:border-line" method="post" action=site.to("/do/leave-account")>
                {travels()}
                <Hidden name="as" value=account.session.clone()/>
                <button class="btn quiet" type="submit" aria-label=label>{leave}</button>
            </form>
        </li>
    }
    .into_any()
}
