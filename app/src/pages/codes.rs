//! Codes that are sent: turned on or off, after a question.

use leptos::prelude::*;

use super::{Page, head};
use crate::components::{Alert, Button, ButtonLink, Door, Hidden, Kind, Tone, door};
use crate::model::{CodesPage, Sent, Site};

impl CodesPage {
    /// What to think of first.
    fn warning(&self) -> Option<(&'static str, &'static str)> {
        match (self.on, self.by) {
            (true, _) if !self.has_other => Some((
                "It is your only second step",
                "Without it the password alone opens your account. An authenticator app would be safer than both.",
            )),
            (false, Sent::Email) if self.has_app => Some((
                "They stand in for your authenticator app",
                "Whoever can read your mail could then get past the app. Leave this off if you have your app at hand.",
            )),
            (false, Sent::Sms) if self.has_app => Some((
                "They stand in for your authenticator app",
                "Whoever takes over your number could then get past the app. Leave this off if you have your app at hand.",
            )),
            (false, Sent::Sms) => Some((
                "The weakest second step",
                "Numbers can be taken over, and false pages ask for codes. It is better than the password alone; an authenticator app or a passkey is safer.",
            )),
            (true, _) | (false, Sent::Email) => None,
        }
    }
}

impl Page for CodesPage {
    fn title(&self, _: &Site) -> String {
        format!("Turn {} codes {}?", if self.on { "off" } else { "on" }, self.by.by())
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let alert = self.warning();
        let to = view! { <b class="wrap-anywhere">{self.to}</b> };
        let sentence = if self.on {
            view! { "Signing in will send no more codes to " {to} ". Other sessions end." }.into_any()
        } else {
            view! { "After the password, signing in will ask for six digits that we send to " {to} ". Other sessions end." }
                .into_any()
        };
        let alert = alert.map(|(title, words)| view! { <Alert tone=Tone::Look title=title><p>{words}</p></Alert> });
        let (turn, kind, verb) =
            if self.on { ("off", Kind::Danger, "Turn off") } else { ("on", Kind::Primary, "Turn on") };
        let action = match self.by {
            Sent::Email => site.to("/do/email-codes"),
            Sent::Sms => site.to("/do/sms-codes"),
        };
        let panel = view! {
            {head(title, sentence)}
            {alert}
            <form class="grid gap-4" method="post" action=action>
                <Hidden name="turn" value=turn.to_owned()/>
                <div class="pair">
                    <ButtonLink href=site.to("/account/security")>"Not now"</ButtonLink>
                    <Button kind>{verb}</Button>
                </div>
            </form>
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: false })
    }
}
