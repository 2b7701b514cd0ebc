//! The page behind the link of the verification mail.

use leptos::prelude::*;

use super::{Page, Setting, head};
use crate::components::{Button, Dead, Door, Held, Hidden, Kind, Sign, SignTile, door};
use crate::model::{Hold, Site, VerifyLinkPage, span};

impl Page for VerifyLinkPage {
    fn title(&self, _: &Site) -> String {
        match self {
            Self::Ready { .. } | Self::Held { .. } => "Confirm your address".to_owned(),
            Self::Dead { .. } => "This link no longer works".to_owned(),
        }
    }

    fn failed(&self) -> bool {
        !matches!(self, Self::Ready { .. })
    }

    fn setting(&self) -> Setting {
        match self {
            Self::Dead { .. } => Setting::ShutDoor,
            Self::Ready { .. } | Self::Held { .. } => Setting::Door,
        }
    }

    fn view(self, site: &Site) -> AnyView {
        let (panel, foot) = match self {
            Self::Ready { token, email } => {
                (confirm(site, token, email, None), Some("Not you? Close this page, and nothing happens."))
            }
            Self::Held { token, hold } => (confirm(site, token, None, Some(hold)), None),
            Self::Dead { can_resend } => (dead(site, can_resend), None),
        };
        door(site, Door { panel, foot: foot.map(IntoAny::into_any), wide: false })
    }
}

fn confirm(site: &Site, token: String, email: Option<String>, hold: Option<Hold>) -> AnyView {
    let sentence = match email {
        Some(email) => view! { "One press, and " <b class="wrap-anywhere">{email}</b> " is yours here." }.into_any(),
        None => "One press, and the address is yours here.".into_any(),
    };
    view! {
        {head("Confirm your address", sentence)}
        <Held title="The address is not confirmed yet" hold/>
        <form method="post" action=site.to("/do/verify-link")>
            <Hidden name="t" value=token/>
            <Button kind=Kind::Primary wide=true>"Confirm address"</Button>
        </form>
    }
    .into_any()
}

fn dead(site: &Site, can_resend: bool) -> AnyView {
    const TITLE: &str = "This link no longer works";
    let age = span(site.mail_links().verification);
    if can_resend {
        view! {
            <SignTile sign=Sign::Clock/>
            {head(TITLE, format!("It was used or is older than {age}. We can send you a new one."))}
            <form class="pair" method="post" action=site.to("/do/resend-verification")>
                <a class="btn second" href=site.to("/sign-in")>"Sign in"</a>
                <Button kind=Kind::Primary>"Send a new mail"</Button>
            </form>
        }
        .into_any()
    } else {
        let words = format!(
            "It was used or is older than {age}. Sign in: if the address still needs confirming, you can ask for a new mail there."
        );
        view! { <Dead title=TITLE words way_on=(site.to("/sign-in"), "Sign in")/> }.into_any()
    }
}
