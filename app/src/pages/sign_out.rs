//! Sign out, and having done so.

use leptos::prelude::*;

use super::{Page, Setting, head};
use crate::components::{Button, ButtonLink, Door, Hidden, Kind, Sign, SignTile, Who, door};
use crate::model::{ConfirmSignOutPage, SignOutFrame, SignedOutPage, Site};

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
        let stay = self.stay.clone().unwrap_or_else(|| site.to("/account"));
        let panel = view! {
            {head(self.title(site), sentence)}
            <Who person=self.person/>
            <form class="pair" method="post" action=site.to("/do/sign-out")>
                {self.logout.map(|logout| view! { <Hidden name="i" value=logout/> })}
                <ButtonLink href=stay>"Stay signed in"</ButtonLink>
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
        let told = !self.frames.is_empty();
        let sentence = if self.others {
            "This browser no longer holds a session of this account. Other accounts are still signed in here."
        } else if told {
            "This browser no longer holds a session here, and the applications you used are told. Close their windows if you share this computer."
        } else {
            "This browser no longer holds a session here. An application you left open may still know you: close its window if you share this computer."
        };
        let again = if self.back_to.is_some() && told { Kind::Second } else { Kind::Primary };
        let back = self.back_to.map(|(name, href)| {
            let words = format!("Return to {name}");
            // With scripts the page goes on by itself once everybody is told.
            if told {
                view! { <ButtonLink href kind=Kind::Primary onward=true>{words}</ButtonLink> }.into_any()
            } else {
                view! { <ButtonLink href>{words}</ButtonLink> }.into_any()
            }
        });
        let words = if self.others { "Choose an account" } else { "Sign in again" };
        let again = view! { <ButtonLink href=site.to("/sign-in") kind=again>{words}</ButtonLink> };
        // The one action stands last.
        let (first, last) =
            if told { (again.into_any(), back.into_any()) } else { (back.into_any(), again.into_any()) };
        let panel = view! {
            <SignTile sign=Sign::Tick/>
            {head("You are signed out", sentence)}
            <div class="pair">{first}{last}</div>
            {told.then(|| frames(self.frames))}
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: false })
    }
}

/// The applications' own sign-out pages, loaded out of sight. They may run their scripts and see their cookies, but not
/// take the window over.
fn frames(frames: Vec<SignOutFrame>) -> impl IntoView {
    let frames = frames.into_iter().map(|frame| {
        view! {
            <iframe
                src=frame.src
                title=format!("Signing out of {}", frame.name)
                tabindex="-1"
                sandbox="allow-same-origin allow-scripts"
                referrerpolicy="no-referrer"
            ></iframe>
        }
    });
    view! { <div class="sr-only" aria-hidden="true">{frames.collect_view()}</div> }
}
