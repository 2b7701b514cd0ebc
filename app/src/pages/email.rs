//! Another e-mail address: asked for, proved, undone.

use leptos::prelude::*;

use super::{Page, Setting, head};
use crate::components::{
    Asks, Badge, Button, ButtonLink, Dead, Door, ErrorSummary, Field, Held, Hidden, Kind, Moment, Place, door, room,
};
use crate::model::{EmailPage, EmailProblem, Problem as _, ProveEmailPage, Site, UndoEmailPage, When, words_for};

impl Page for EmailPage {
    fn title(&self, site: &Site) -> String {
        format!("E-mail · {}", site.name())
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn setting(&self) -> Setting {
        Setting::Room
    }

    fn view(self, site: &Site) -> AnyView {
        let state = if self.is_verified {
            view! { <Badge class="good">"Confirmed"</Badge> }
        } else {
            view! { <Badge class="look">"Not confirmed"</Badge> }
        };
        let top = view! {
            <div class="grid gap-1.5 max-w-[62ch]">
                <h1>"E-mail"</h1>
                <p class="text-ink-2 flex flex-wrap items-center gap-x-2 gap-y-1">
                    <span class="min-w-0 wrap-anywhere">"Your address is " <b>{self.room.person.email.clone()}</b></span>
                    {state}
                </p>
            </div>
        };
        let problems: Vec<_> = self.problem.into_iter().collect();
        let is_waiting = self.waiting.is_some();
        let waiting = self.waiting.map(|(email, until)| proof(site, email, until, &problems).into_any());
        let other = other(site, self.typed, is_waiting, self.is_stale, &problems).into_any();
        let body = view! {
            <div class="grid gap-7 max-w-[440px]">
                <ErrorSummary title="Your address is as it was" problems/>
                {waiting}
                {other}
            </div>
        };
        room(site, self.room, Place::Profile, top.into_any(), body.into_any())
    }
}

/// The code of the mail to the new address.
fn proof(site: &Site, email: String, until: When, problems: &[EmailProblem]) -> impl IntoView + use<> {
    let error = words_for(problems, "code");
    let autofocus = error.is_some();
    view! {
        <section class="grid gap-3.5" aria-labelledby="proof">
            <div class="grid gap-1">
                <h2 id="proof">"Confirm the new address"</h2>
                <p class="text-ink-2 text-sm wrap-anywhere">
                    "A mail with a code and a link is on its way to " <b>{email}</b> ". Both work once, until " <Moment when=until/>
                    ". Until then, nothing changes."
                </p>
            </div>
            <form class="grid gap-4" method="post" action=site.to("/do/confirm-email")>
                <Field id="code" label="Code from the mail" kind=Asks::Code autocomplete="one-time-code" maxlength=12 error autofocus/>
                <div class="flex max-row:grid"><Button kind=Kind::Primary>"Confirm address"</Button></div>
            </form>
        </section>
    }
}

/// The form for an address; behind a fresh sign-in.
fn other(
    site: &Site,
    typed: String,
    is_waiting: bool,
    is_stale: bool,
    problems: &[EmailProblem],
) -> impl IntoView + use<> {
    let (title, kind) =
        if is_waiting { ("Another address, or a new mail", Kind::Second) } else { ("A new address", Kind::Primary) };
    let form = if is_stale {
        let href = site.to_query("/account/confirm", "next", "email");
        view! { <div class="flex max-row:grid"><ButtonLink href>"Confirm it is you first"</ButtonLink></div> }
            .into_any()
    } else {
        let error = words_for(problems, "email");
        let autofocus = error.is_some() && problems.iter().all(|problem| problem.field() == Some("email"));
        view! {
            <form class="grid gap-4" method="post" action=site.to("/do/change-email")>
                <Field id="email" label="New address" kind=Asks::Email autocomplete="email" maxlength=320 value=typed error autofocus/>
                <div class="flex max-row:grid"><Button kind>"Send the mail"</Button></div>
            </form>
        }
        .into_any()
    };
    view! {
        <section class="grid gap-3.5" aria-labelledby="other">
            <div class="grid gap-1">
                <h2 id="other">{title}</h2>
                <p class="text-ink-2 text-sm">
                    "We write to the new address first. The old one is told, and can undo the change for a week."
                </p>
            </div>
            {form}
        </section>
    }
}

impl Page for ProveEmailPage {
    fn title(&self, _: &Site) -> String {
        match self {
            Self::Ready { .. } => "Confirm your new address".to_owned(),
            Self::Dead => "This link no longer works".to_owned(),
        }
    }

    fn failed(&self) -> bool {
        matches!(self, Self::Dead)
    }

    fn setting(&self) -> Setting {
        if matches!(self, Self::Dead) { Setting::ShutDoor } else { Setting::Door }
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let panel = match self {
            Self::Ready { token, email } => view! {
                {head(title, view! { "One press, and " <b class="wrap-anywhere">{email}</b> " is the address of your account. Every other session ends." })}
                <form class="pair" method="post" action=site.to("/do/confirm-email-link")>
                    <Hidden name="t" value=token/>
                    <ButtonLink href=site.to("/account/email")>"Not now"</ButtonLink>
                    <Button kind=Kind::Primary>"Confirm address"</Button>
                </form>
            }
            .into_any(),
            Self::Dead => view! {
                <Dead
                    title="This link no longer works"
                    words="It was used, is too old, or was asked for from another account. You can ask for a new mail.".to_owned()
                    way_on=(site.to("/account/email"), "To your address")
                />
            }
            .into_any(),
        };
        door(site, Door { panel, foot: None, wide: false })
    }
}

impl Page for UndoEmailPage {
    fn title(&self, _: &Site) -> String {
        match self {
            Self::Ready { is_pending: true, .. } => "Stop the change of your address?".to_owned(),
            Self::Ready { .. } => "Undo the change of your address?".to_owned(),
            Self::Taken => "The address cannot come back".to_owned(),
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
            Self::Ready { token, email, is_pending, hold } => {
                let what = if is_pending { "stays the address" } else { "becomes the address again" };
                let sentence = view! {
                    <b class="wrap-anywhere">{email}</b>
                    {format!(" {what} of your account. Every session ends, passkeys and authenticator apps added since are removed, the password opens nothing any more, and you choose a new one on the next page.")}
                };
                let panel = view! {
                    {head(title, sentence)}
                    <Held title="Nothing is undone yet" hold/>
                    <form class="grid" method="post" action=site.to("/do/undo-email")>
                        <Hidden name="t" value=token/>
                        <Button kind=Kind::Danger wide=true>"It was not me"</Button>
                    </form>
                };
                (panel.into_any(), Some("It was you? Close this page, and nothing happens."))
            }
            Self::Taken => {
                let words = "It belongs to another account by now. Nothing was changed. Ask whoever looks after this place for help.";
                let way_on = (site.to("/sign-in"), "Go to sign-in");
                (view! { <Dead title="The address cannot come back" words=words.to_owned() way_on/> }.into_any(), None)
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
