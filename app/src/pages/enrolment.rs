//! What an organisation asks for, to be set up on the way.

use leptos::prelude::*;

use super::{Page, head};
use crate::components::{ButtonLink, CallerHead, ChoiceRow, Door, Kind, Sign, Who, door};
use crate::model::{EnrolPage, Site};

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
