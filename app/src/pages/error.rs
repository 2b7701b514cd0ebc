//! Something stopped: what happened, what did not, what to do.

use leptos::prelude::*;

use super::{Page, Setting, head};
use crate::components::{ButtonLink, Door, Kind, Sign, SignTile, door};
use crate::model::{DeveloperNote, ErrorKind, ErrorPage, Hold, Site, WayOn};

impl Page for ErrorPage {
    fn title(&self, _: &Site) -> String {
        words(&self.kind).0.to_owned()
    }

    fn failed(&self) -> bool {
        true
    }

    fn setting(&self) -> Setting {
        Setting::ShutDoor
    }

    fn view(self, site: &Site) -> AnyView {
        let (title, sentence) = words(&self.kind);
        let sign = match self.kind {
            ErrorKind::Held(_) | ErrorKind::InteractionOver { .. } => Sign::Clock,
            ErrorKind::Internal { .. } | ErrorKind::BadForm => Sign::Warning,
            _ => Sign::Stop,
        };
        let restart = match &self.kind {
            ErrorKind::InteractionOver { restart: Some(url), caller } => Some((
                url.clone(),
                caller.as_ref().map_or_else(|| "Start again".to_owned(), |name| format!("Return to {name}")),
            )),
            _ => None,
        };
        let home = match self.way_on {
            WayOn::SignIn => Some((site.to("/sign-in"), "Go to sign-in".to_owned())),
            WayOn::Account => Some((site.to("/account"), "Go to your account".to_owned())),
            WayOn::Start => Some((site.to("/"), "Go to the front door".to_owned())),
            WayOn::None => None,
        };
        let actions = restart
            .into_iter()
            .chain(home)
            .enumerate()
            .map(|(n, (href, text))| {
                let kind = if n == 0 { Kind::Primary } else { Kind::Second };
                view! { <ButtonLink href kind>{text}</ButtonLink> }
            })
            .collect::<Vec<_>>();
        let actions =
            (!actions.is_empty()).then(|| view! { <div class="flex flex-wrap gap-2.5 max-door:grid">{actions}</div> });
        let panel = view! {
            <SignTile sign/>
            {head(title, sentence)}
            {actions}
            {self.developer.map(note)}
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: false })
    }
}

/// Heading and sentence of each cause.
fn words(kind: &ErrorKind) -> (&'static str, String) {
    let who = |caller: &Option<String>| caller.clone().unwrap_or_else(|| "An application".to_owned());
    match kind {
        ErrorKind::UntrustedRedirect { caller } => (
            "We stopped at the door",
            format!(
                "{} asked us to send you to an address it never registered. To keep you safe we did not go there, and nothing was shared. Go back to where you came from, or tell its maker.",
                who(caller)
            ),
        ),
        ErrorKind::UnknownCaller => (
            "We stopped at the door",
            "Somebody sent you here for an application that we do not know. Nothing was shared. Go back to where you came from, or tell its maker."
                .to_owned(),
        ),
        ErrorKind::BrokenRequest { caller } => (
            "We stopped at the door",
            format!("{} sent a request that we cannot answer. Nothing was shared. Go back and try once more, or tell its maker.", who(caller)),
        ),
        ErrorKind::InteractionOver { restart, .. } => (
            "This visit is over",
            if restart.is_some() {
                "It was finished already, or waited too long. Nothing was shared. You can start again where you came from."
            } else {
                "It was finished already, or waited too long. Nothing was shared. Go back to the application and start again."
            }
            .to_owned(),
        ),
        ErrorKind::NotFound => ("Nothing is here", "The address is not one of ours, or what stood here is gone. Check it for a slip.".to_owned()),
        ErrorKind::Forbidden => {
            ("This is not yours to open", "You are signed in, but this belongs to somebody else. Nothing was changed.".to_owned())
        }
        ErrorKind::CrossSite => (
            "We did not carry that out",
            "The form was sent from another site, so it may not have been your wish. Nothing was changed. Open the page here and send it again."
                .to_owned(),
        ),
        ErrorKind::BadForm => {
            ("We could not read that", "The form did not arrive whole, and nothing was changed. Go back, and send it again.".to_owned())
        }
        ErrorKind::Held(Hold::TooManyTries { .. }) => ("Wait a moment", hold_words(kind)),
        ErrorKind::Held(Hold::Busy { .. }) => ("The door is crowded", hold_words(kind)),
        ErrorKind::Internal { reference } => {
            ("Something broke on our side", format!("Nothing was changed. Try again; if it stays, tell whoever runs this place. Reference {reference}."))
        }
    }
}

fn hold_words(kind: &ErrorKind) -> String {
    if let ErrorKind::Held(hold) = kind { hold.words() } else { String::new() }
}

/// What the developer of the calling application needs.
fn note(note: DeveloperNote) -> impl IntoView {
    const TERM: &str = "text-ink-3";
    const WORDS: &str = "min-w-0 wrap-anywhere mb-2";
    view! {
        <details class="more">
            <summary class="inline-flex items-center gap-1.5 min-h-8 text-door text-sm font-medium">"For the developer"</summary>
            <dl class="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-5 pt-2 text-sm">
                <dt class=TERM>"Error"</dt>
                <dd class=WORDS><code>{note.error}</code></dd>
                <dt class=TERM>"Why"</dt>
                <dd class=WORDS>{note.why}</dd>
                {note
                    .reference
                    .map(|reference| {
                        view! {
                            <dt class=TERM>"Reference"</dt>
                            <dd class=WORDS><code>{reference}</code></dd>
                        }
                    })}
            </dl>
        </details>
    }
}
