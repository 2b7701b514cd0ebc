//! Where do you act, and what is asked of you there?

use leptos::prelude::*;

use super::{Page, head};
use crate::components::{Badge, ButtonLink, CallerHead, CallerTile, ChoiceRow, Door, Hidden, Kind, Sign, Who, door};
use crate::model::{Caller, EnrolPage, OrganizationChoice, OrganizationChoicePage, Site, capital};

impl Page for OrganizationChoicePage {
    fn title(&self, _: &Site) -> String {
        "Choose an organisation".to_owned()
    }

    fn view(self, site: &Site) -> AnyView {
        let sentence = format!("{} sees its name, your role there, and what you may do.", self.caller.name);
        let others = site.to_with("/sign-in/choose", Some(&self.interaction));
        let rows = self.organizations.iter().map(|choice| row(site, &self.interaction, choice)).collect_view();
        let panel = view! {
            <CallerHead caller=Some(self.caller.clone())/>
            <Who person=self.person.clone()>
                <a class="inline-flex items-center min-h-11" href=others>"Not you?"</a>
            </Who>
            {head(self.title(site), sentence)}
            <ul class="grid gap-2.5">{rows}</ul>
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: false })
    }
}

/// One organisation: the whole row chooses it.
fn row(site: &Site, interaction: &str, choice: &OrganizationChoice) -> AnyView {
    let small = match (choice.is_last, choice.is_personal, choice.asks_for_more) {
        (true, _, false) => Some("Used last time"),
        (true, _, true) => Some("Used last time · asks for a second step"),
        (false, true, false) => Some("Only you"),
        (false, _, true) => Some("Asks for a second step"),
        (false, false, false) => None,
    };
    let class = if choice.is_last {
        "grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3.5 w-full min-h-15 px-3.5 py-2.5 text-start cursor-pointer rounded-md border border-door-line bg-door-soft hover:border-door"
    } else {
        "grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3.5 w-full min-h-15 px-3.5 py-2.5 text-start cursor-pointer rounded-md border border-line bg-surface hover:border-door hover:bg-door-soft"
    };
    let (name, role) = (choice.name.clone(), capital(&choice.role));
    let tile = Caller { id: choice.id.clone(), name: choice.name.clone(), ..Caller::default() };
    view! {
        <li>
            <form method="post" action=site.to("/do/say-organization")>
                <Hidden name="i" value=interaction.to_owned()/>
                <button class=class type="submit" name="organization" value=choice.id.clone()>
                    <CallerTile caller=tile/>
                    <span class="min-w-0 leading-snug">
                        <b class="block wrap-anywhere">{name}</b>
                        {small.map(|small| view! { <small class="block text-ink-3 text-xs">{small}</small> })}
                    </span>
                    <Badge>{role}</Badge>
                </button>
            </form>
        </li>
    }
    .into_any()
}

impl Page for EnrolPage {
    fn title(&self, _: &Site) -> String {
        format!("{} asks for a second step", self.organization)
    }

    fn view(self, site: &Site) -> AnyView {
        let sentence = "You have none yet that counts there. Set one up, then come back to this page and go on.";
        let others = site.to_with("/sign-in/choose", Some(&self.interaction));
        let onward = site.to_with("/connect/resume", Some(&self.interaction));
        let app = self.by_app.then(|| {
            let (what, small) = ("Authenticator app", "Six digits from your phone");
            let row = ChoiceRow { sign: Sign::Authenticator, what, small, last: false };
            row.link(site.to("/account/authenticators/add"))
        });
        let sms = self.by_sms.then(|| {
            let (what, small) = ("Code by SMS", "Six digits to your phone number");
            ChoiceRow { sign: Sign::Phone, what, small, last: false }.link(site.to("/account/sms-codes"))
        });
        let (what, small) = ("Passkey or security key", "On this device, your phone, or a key to plug in");
        let key = ChoiceRow { sign: Sign::Passkey, what, small, last: false }.link(site.to("/account/passkeys"));
        let panel = view! {
            <CallerHead caller=Some(self.caller.clone())/>
            <Who person=self.person.clone()>
                <a class="inline-flex items-center min-h-11" href=others>"Not you?"</a>
            </Who>
            {head(self.title(site), sentence)}
            <ul class="grid gap-2.5">{app} {key} {sms}</ul>
            <ButtonLink href=onward kind=Kind::Primary>"I have set it up: go on"</ButtonLink>
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: false })
    }
}
