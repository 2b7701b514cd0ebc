//! The telephone number: asked for, confirmed, removed.

use leptos::prelude::*;

use super::{Page, Setting, head};
use crate::components::{
    Alert, Asks, Badge, Button, ButtonLink, Door, ErrorSummary, Field, Hidden, Kind, Moment, Place, Sign, SignTile,
    Tone, door, room,
};
use crate::model::{PhonePage, PhoneProblem, Problem as _, RemovePhonePage, Site, When, words_for};

impl Page for PhonePage {
    fn title(&self, site: &Site) -> String {
        format!("Phone number · {}", site.name())
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn setting(&self) -> Setting {
        Setting::Room
    }

    fn view(self, site: &Site) -> AnyView {
        let top = view! {
            <div class="grid gap-1.5 max-w-[62ch]">
                <h1>"Phone number"</h1>
                <p class="text-ink-2">
                    "For codes by SMS, if you want them, and for applications that you let see it. We call nobody."
                </p>
            </div>
        };
        let problems: Vec<_> = self.problem.into_iter().collect();
        let present = self.number.clone().map(|number| present(site, number, self.is_verified, self.codes).into_any());
        let waiting =
            self.waiting.clone().map(|(number, until)| proof(site, number, until, self.is_stale, &problems).into_any());
        let other = self.codes.is_some().then(|| other(site, &self, &problems).into_any());
        let body = view! {
            <div class="grid gap-7 max-w-[62ch]">
                <ErrorSummary title="Your number is as it was" problems/>
                {waiting}
                {present}
                {other}
            </div>
        };
        room(site, self.room, Place::Profile, top.into_any(), body.into_any())
    }
}

/// The number there is.
fn present(site: &Site, number: String, is_verified: bool, codes: Option<bool>) -> impl IntoView + use<> {
    let state = if is_verified {
        view! { <Badge class="good">"Confirmed"</Badge> }
    } else {
        view! { <Badge class="look">"Not confirmed"</Badge> }
    };
    let line = match codes {
        None => "No text messages are sent here, so no other number can be added.",
        Some(true) => "Codes by SMS are on.",
        Some(false) => "Codes by SMS are off.",
    };
    let turn = (is_verified && codes == Some(false)).then(|| {
        view! { <ButtonLink href=site.to("/account/sms-codes") kind=Kind::Quiet label="Turn on codes by SMS">"Turn on"</ButtonLink> }
    });
    view! {
        <div class="flex flex-wrap items-center gap-x-4 gap-y-2 px-4.5 py-3.5 border border-line rounded-lg">
            <SignTile sign=Sign::Phone/>
            <div class="min-w-0 flex-[1_1_200px] leading-snug">
                <span class="flex flex-wrap items-center gap-x-2 gap-y-1"><b class="min-w-0 wrap-anywhere">{number}</b> {state}</span>
                <span class="block text-ink-3 text-xs">{line}</span>
            </div>
            <div class="flex flex-wrap gap-1">
                {turn}
                <ButtonLink href=site.to("/account/phone/remove") kind=Kind::QuietClay label="Remove phone number">"Remove"</ButtonLink>
            </div>
        </div>
    }
}

/// The code of the message to the new number.
fn proof(site: &Site, number: String, until: When, is_stale: bool, problems: &[PhoneProblem]) -> impl IntoView + use<> {
    let error = words_for(problems, "code");
    let autofocus = error.is_some() || problems.is_empty();
    let again = (!is_stale).then(|| {
        view! {
            <form class="text-sm" method="post" action=site.to("/do/change-phone")>
                <Hidden name="phone" value=number.clone()/>
                <button class="min-h-11 text-door underline underline-offset-[0.2em]" type="submit">"Send another code"</button>
            </form>
        }
    });
    view! {
        <section class="grid gap-3.5" aria-labelledby="proof">
            <div class="grid gap-1">
                <h2 id="proof">"Confirm the number"</h2>
                <p class="text-ink-2 text-sm wrap-anywhere">
                    "A message with a code is on its way to " <b>{number}</b> ". It works once, until " <Moment when=until/>
                    ". Until then, nothing changes."
                </p>
            </div>
            <form class="grid gap-4" method="post" action=site.to("/do/confirm-phone")>
                <Field id="code" label="Code from the message" kind=Asks::Code autocomplete="one-time-code" maxlength=12 error autofocus/>
                <div class="flex max-row:grid"><Button kind=Kind::Primary>"Confirm number"</Button></div>
            </form>
            {again}
        </section>
    }
}

/// The form for a number; behind a fresh sign-in.
fn other(site: &Site, page: &PhonePage, problems: &[PhoneProblem]) -> impl IntoView + use<> {
    let (title, kind) = match (&page.waiting, &page.number) {
        (Some(_), _) => ("Not this number?", Kind::Second),
        (None, Some(_)) => ("Another number", Kind::Primary),
        (None, None) => ("Add your number", Kind::Primary),
    };
    let form = if page.is_stale {
        let href = site.to_query("/account/confirm", "next", "phone");
        view! { <div class="flex max-row:grid"><ButtonLink href>"Confirm it is you first"</ButtonLink></div> }
            .into_any()
    } else {
        let error = words_for(problems, "phone");
        let autofocus = error.is_some() && problems.iter().all(|problem| problem.field() == Some("phone"));
        let (value, hint) = (page.typed.clone(), Some("With its country, as in +45 20 12 34 56.".to_owned()));
        view! {
            <form class="grid gap-4" method="post" action=site.to("/do/change-phone")>
                <Field id="phone" label="Phone number" kind=Asks::Phone autocomplete="tel" maxlength=40 value hint error autofocus/>
                <div class="flex max-row:grid"><Button kind>"Send the code"</Button></div>
            </form>
        }
        .into_any()
    };
    view! {
        <section class="grid gap-3.5" aria-labelledby="other">
            <div class="grid gap-1">
                <h2 id="other">{title}</h2>
                <p class="text-ink-2 text-sm">"We send it a code first. Your other sessions end when it is confirmed."</p>
            </div>
            {form}
        </section>
    }
}

impl Page for RemovePhonePage {
    fn title(&self, _: &Site) -> String {
        "Remove your phone number?".to_owned()
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let codes = if self.has_codes { " Codes by SMS end with it." } else { "" };
        let sentence = view! {
            "Your account will forget " <b class="wrap-anywhere">{self.number}</b> "." {codes} " Other sessions end."
        };
        let alert = self.is_last.then(|| {
            view! {
                <Alert tone=Tone::Look title="It is your only second step">
                    <p>"Without it the password alone opens your account. Add an authenticator app first."</p>
                </Alert>
            }
        });
        let panel = view! {
            {head(title, sentence)}
            {alert}
            <form class="pair" method="post" action=site.to("/do/remove-phone")>
                <ButtonLink href=site.to("/account/phone")>"Keep it"</ButtonLink>
                <Button kind=Kind::Danger>"Remove"</Button>
            </form>
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: false })
    }
}
