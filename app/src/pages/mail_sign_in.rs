//! Sign in by e-mail (B5): no password, and the same words for known and unknown addresses.

use leptos::prelude::*;

use super::{Page, Setting, head};
use crate::components::{Asks, Button, CallerHead, Check, Dead, Door, ErrorSummary, Field, Held, Hidden, Kind, door};
use crate::model::{AskSignInMailPage, SignInCodePage, SignInLinkPage, Site, span, words_for};

impl Page for AskSignInMailPage {
    fn title(&self, _: &Site) -> String {
        "Sign in by e-mail".to_owned()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn view(self, site: &Site) -> AnyView {
        let sign_in = site.along("/sign-in", self.interaction.as_deref(), self.next, &[]);
        let problems: Vec<_> = self.problem.into_iter().collect();
        let error = words_for(&problems, "email");
        let autofocus = error.is_some();
        let panel = view! {
            <CallerHead caller=self.caller/>
            {head("Sign in by e-mail", "Type your address. We send a link and a code there; you need no password.")}
            <ErrorSummary title="Nothing was sent yet" problems/>
            <form class="grid gap-4" method="post" action=site.to("/do/sign-in-mail")>
                <Hidden name="i" value=self.interaction.clone()/>
                <Hidden name="next" value=self.next.map(str::to_owned)/>
                <Field id="email" label="E-mail" kind=Asks::Email autocomplete="username" maxlength=320 value=self.email error autofocus/>
                <Button kind=Kind::Primary wide=true>"Send the mail"</Button>
            </form>
        };
        let foot = view! { <a href=sign_in>"Sign in another way"</a> };
        door(site, Door { panel: panel.into_any(), foot: Some(foot.into_any()), wide: false })
    }
}

impl Page for SignInCodePage {
    fn title(&self, _: &Site) -> String {
        "Check your mail".to_owned()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn view(self, site: &Site) -> AnyView {
        let i = self.interaction.as_deref();
        let again = site.along("/sign-in/mail", i, self.next, &[]);
        let sign_in = site.along("/sign-in", i, self.next, &[]);
        let problems: Vec<_> = self.problem.into_iter().collect();
        let error = words_for(&problems, "code");
        let autofocus = error.is_some() || problems.is_empty();
        let sentence = view! {
            "If " <b class="wrap-anywhere">{self.email}</b> " has an account, a mail is on its way. Open its link, or type its code here."
        };
        let panel = view! {
            <CallerHead caller=self.caller/>
            {head("Check your mail", sentence)}
            <ErrorSummary title="You are not signed in yet" problems/>
            <form class="grid gap-4" method="post" action=site.to("/do/sign-in-code")>
                <Hidden name="i" value=self.interaction.clone()/>
                <Hidden name="next" value=self.next.map(str::to_owned)/>
                <Hidden name="n" value=self.number/>
                <Field
                    id="code"
                    label="Code from the mail"
                    autocomplete="one-time-code"
                    kind=Asks::Code
                    maxlength=12
                    hint=Some(format!("Works once, for {}.", span(self.works_for)))
                    error
                    autofocus
                />
                <Check name="stay" checked=self.stay>"Stay signed in"</Check>
                <Button kind=Kind::Primary wide=true>"Sign in"</Button>
            </form>
        };
        let foot = view! {
            "Nothing after a few minutes? Look in the spam folder, or " <a href=again>"ask again"</a> "." <br/>
            <a href=sign_in>"Sign in another way"</a>
        };
        door(site, Door { panel: panel.into_any(), foot: Some(foot.into_any()), wide: false })
    }
}

impl Page for SignInLinkPage {
    fn title(&self, site: &Site) -> String {
        match self {
            Self::Ready { .. } => format!("Sign in to {}", site.name()),
            Self::Dead => "This link no longer works".to_owned(),
        }
    }

    fn failed(&self) -> bool {
        !matches!(self, Self::Ready { hold: None, .. })
    }

    fn setting(&self) -> Setting {
        match self {
            Self::Ready { .. } => Setting::Door,
            Self::Dead => Setting::ShutDoor,
        }
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let (panel, foot) = match self {
            Self::Ready { token, number, email, hold } => {
                let sentence = view! { "One press, and you are signed in as " <b class="wrap-anywhere">{email}</b> " in this browser." };
                let panel = view! {
                    {head(title, sentence)}
                    <Held title="You are not signed in yet" hold/>
                    <form class="grid gap-4" method="post" action=site.to("/do/sign-in-link")>
                        <Hidden name="t" value=token/>
                        <Hidden name="n" value=number/>
                        <Check name="stay" checked=false>"Stay signed in"</Check>
                        <Button kind=Kind::Primary wide=true>"Sign in"</Button>
                    </form>
                };
                (panel.into_any(), Some("You did not ask for this? Close the page, and nothing happens."))
            }
            Self::Dead => {
                let words = "It was used or is too old, or the account changed since. Ask for another one.";
                let again = (site.to("/sign-in/mail"), "Sign in by e-mail");
                (view! { <Dead title="This link no longer works" words way_on=again/> }.into_any(), None)
            }
        };
        door(site, Door { panel, foot: foot.map(IntoAny::into_any), wide: false })
    }
}
