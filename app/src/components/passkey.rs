//! Passkeys: the form that begins a ceremony. What runs it is `public/passkey.js`; without scripts the form is not there.

use leptos::prelude::*;

use super::{Button, Hidden, Icon, Kind, Sign};
use crate::assets;
use crate::model::Site;

/// What a ceremony does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ceremony {
    /// Makes a passkey.
    Create,
    /// Signs in with one.
    Get,
    /// Does so once more, when it is asked for; nothing is filled in by itself.
    Confirm,
    /// Shows one in the second step.
    Second,
}

impl Ceremony {
    const fn parts(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Create => ("create", "/do/add-passkey", "/passkeys/enrolment"),
            Self::Get => ("get", "/do/passkey-sign-in", "/passkeys/sign-in"),
            Self::Confirm => ("confirm", "/do/passkey-sign-in", "/passkeys/sign-in"),
            Self::Second => ("confirm", "/do/second-factor-key", "/passkeys/second-factor"),
        }
    }

    /// What the script may have to say, by the name of the case.
    const fn words(self) -> [(&'static str, &'static str); 4] {
        match self {
            Self::Create => [
                ("cancelled", "No passkey was made. Try again whenever you like."),
                ("known", "This device holds a passkey for your account already."),
                ("limited", "Too many tries from here. Wait a minute, then try again."),
                ("failed", "Your browser could not make a passkey. Try again, or use another device."),
            ],
            Self::Second => [
                ("cancelled", "No passkey was used. Try again, or try another way."),
                ("known", ""),
                ("limited", "Too many tries from here. Wait a minute, then try again."),
                ("failed", "Your browser could not use a passkey or security key. Try another way."),
            ],
            Self::Get | Self::Confirm => [
                ("cancelled", "No passkey was chosen. Try again, or sign in with your password."),
                ("known", ""),
                ("limited", "Too many tries from here. Wait a minute, then try again."),
                ("failed", "Your browser could not use a passkey. Sign in with your password."),
            ],
        }
    }
}

/// The form with its one button.
#[component]
pub fn PasskeyForm(
    /// The instance.
    site: Site,
    /// What it does.
    ceremony: Ceremony,
    /// What its button is for.
    #[prop(optional)]
    kind: Kind,
    /// The button is as wide as its place.
    #[prop(optional)]
    wide: bool,
    /// The authorization request that goes on afterwards.
    #[prop(optional_no_strip)]
    interaction: Option<String>,
    /// The closed name of the page to go to afterwards.
    #[prop(optional_no_strip)]
    next: Option<&'static str>,
    /// It follows the offer of one (B8).
    #[prop(optional)]
    offer: bool,
    /// The passkey used last is not known: the browser is told to forget it.
    #[prop(optional)]
    unknown: bool,
    /// What the button says.
    children: Children,
) -> impl IntoView {
    let (name, action, options) = ceremony.parts();
    let words = ceremony.words().into_iter().filter(|(_, words)| !words.is_empty()).map(|(case, words)| {
        view! { <p class="text-clay text-sm" data-said=case hidden>{words}</p> }
    });
    let words = words.collect_view();
    view! {
        <div class="needs-script" data-with-passkey="1">
        <form
            class="grid gap-2"
            method="post"
            action=site.to(action)
            data-passkey=name
            data-options=site.to(options)
            data-module=assets::url(&site, "passkey.js")
            data-unknown=unknown.then_some("1")
        >
            <Hidden name="i" value=interaction/>
            <Hidden name="next" value=next.map(str::to_owned)/>
            <Hidden name="ceremony" value=String::new()/>
            <Hidden name="credential" value=String::new()/>
            <Hidden name="stay" value=String::new()/>
            <Hidden name="offer" value=offer.then(|| "1".to_owned())/>
            <Button kind wide><Icon sign=Sign::Passkey/>{children()}</Button>
            <div role="status">{words}</div>
        </form>
        </div>
    }
}
