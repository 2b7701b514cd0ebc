//! Sign out, and having done so.

use leptos::prelude::*;

use super::{Page, Setting, head};
use crate::components::{Button, ButtonLink, Door, Kind, Sign, SignTile, Who, door};
use crate::model::{ConfirmSignOutPage, SignedOutPage, Site};

impl Page for ConfirmSignOutPage {
    fn title(&self, site: &Site) -> String {
        format!("Sign out of {}?", site.name())
    }

    fn view(self, site: &Site) -> AnyView {
        let sentence = match &self.caller {
            Some(caller) => {
                format!("{} asks for it. This browser's session ends; sessions on other devices stay.", caller.name)
            }
            None => "This browser's session ends; sessions on other devices stay.".to_owned(),
        };
        let panel = view! {
            {head(self.title(site), sentence)}
            <Who person=self.person/>
            <form class="pair" method="post" action=site.to("/do/sign-out")>
                <ButtonLink href=site.to("/account")>"Stay signed in"</ButtonLink>
                <Button kind=Kind::Primary>"Sign out"</Button>
            </form>
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: false })
    }
}

impl Page for SignedOutPage {
    fn title(&self, _: &Site) -> String {
        "You are signed out".to_owned()
    }

    fn setting(&self) -> Setting {
        Setting::ShutDoor
    }

    fn view(self, site: &Site) -> AnyView {
        let back =
            self.back_to.map(|(name, href)| view! { <ButtonLink href>{format!("Return to {name}")}</ButtonLink> });
        let panel = view! {
            <SignTile sign=Sign::Tick/>
            {head(
                "You are signed out",
                "This browser no longer holds a session here. An application you left open may still know you: close its window if you share this computer.",
            )}
            <div class="pair">
                {back}
                <ButtonLink href=site.to("/sign-in") kind=Kind::Primary>"Sign in again"</ButtonLink>
            </div>
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: false })
    }
}
