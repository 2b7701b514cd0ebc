//! Codes by e-mail: turned on or off, after a question.

use leptos::prelude::*;

use super::{Page, head};
use crate::components::{Alert, Button, ButtonLink, Door, Hidden, Kind, Tone, door};
use crate::model::{EmailCodesPage, Site};

impl Page for EmailCodesPage {
    fn title(&self, _: &Site) -> String {
        if self.on { "Turn off codes by e-mail?" } else { "Turn on codes by e-mail?" }.to_owned()
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let email = view! { <b class="wrap-anywhere">{self.email}</b> };
        let sentence = if self.on {
            view! { "Signing in will send no more codes to " {email} ". Other sessions end." }.into_any()
        } else {
            view! { "After the password, signing in will ask for six digits that we send to " {email} ". Other sessions end." }
                .into_any()
        };
        let alert = match (self.on, self.has_app) {
            (true, false) => Some((
                "It is your only second step",
                "Without it the password alone opens your account. An authenticator app would be safer than both.",
            )),
            (false, true) => Some((
                "They stand in for your authenticator app",
                "Whoever can read your mail could then get past the app. Leave this off if you have your app at hand.",
            )),
            _ => None,
        };
        let alert = alert.map(|(title, words)| view! { <Alert tone=Tone::Look title=title><p>{words}</p></Alert> });
        let (turn, kind, verb) =
            if self.on { ("off", Kind::Danger, "Turn off") } else { ("on", Kind::Primary, "Turn on") };
        let panel = view! {
            {head(title, sentence)}
            {alert}
            <form class="grid gap-4" method="post" action=site.to("/do/email-codes")>
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
