//! "It was not me" (B9): one press, and nobody is in but whoever reads the mail.

use leptos::prelude::*;

use super::{Page, Setting, head};
use crate::components::{Button, Dead, Door, Held, Hidden, Kind, Moment, door};
use crate::model::{NotMePage, Site};

impl Page for NotMePage {
    fn title(&self, _: &Site) -> String {
        match self {
            Self::Ready { .. } => "Shut everybody out?".to_owned(),
            Self::Dead => "This link no longer works".to_owned(),
        }
    }

    fn failed(&self) -> bool {
        !matches!(self, Self::Ready { hold: None, .. })
    }

    fn setting(&self) -> Setting {
        if matches!(self, Self::Ready { .. }) { Setting::Door } else { Setting::ShutDoor }
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let (panel, foot) = match self {
            Self::Ready { token, email, since, hold } => {
                let sentence = view! { "If somebody else was in the account of " <b class="wrap-anywhere">{email}</b> ", this ends it." };
                let panel = view! {
                    {head(title, sentence)}
                    <Held title="Nobody is shut out yet" hold/>
                    <ul class="grid gap-2 list-disc pl-5 text-ink-2">
                        <li>"Every session ends, in every browser and application."</li>
                        <li>"The password opens nothing any more. You choose a new one on the next page."</li>
                        <li>"Passkeys, authenticator apps, recovery codes and a phone number added since " <Moment when=since/> " are removed."</li>
                    </ul>
                    <form class="grid" method="post" action=site.to("/do/not-me")>
                        <Hidden name="t" value=token/>
                        <Button kind=Kind::Danger wide=true>"Shut everybody out"</Button>
                    </form>
                };
                (panel.into_any(), Some("It was you? Close this page, and nothing happens."))
            }
            Self::Dead => {
                let words =
                    "It was used or is older than a week. If somebody else has your account, ask for a new password.";
                let way_on = (site.to("/forgot-password"), "Choose a new password");
                (view! { <Dead title="This link no longer works" words=words.to_owned() way_on/> }.into_any(), None)
            }
        };
        door(site, Door { panel, foot: foot.map(IntoAny::into_any), wide: false })
    }
}
