//! Sign in.

use leptos::prelude::*;

use super::{Page, first_wrong};
use crate::components::{
    Asks, Button, ButtonLink, CallerHead, Ceremony, Check, Door, ErrorSummary, Field, FlashNote, Hidden, Kind,
    PasskeyForm, PasswordField, door,
};
use crate::model::{SignInPage, SignInProblem, Site};

impl Page for SignInPage {
    fn title(&self, site: &Site) -> String {
        format!("Sign in to {}", self.caller.as_ref().map_or(site.name(), |c| &c.name))
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let i = self.interaction.as_deref();
        let problems: Vec<_> = self.problem.into_iter().collect();
        let focus = first_wrong(&problems);
        let wrong = matches!(self.problem, Some(SignInProblem::WrongCredentials { .. }));
        let note = self.problem.and_then(|problem| match problem {
            SignInProblem::WrongCredentials { tries, pause_minutes } => Some(
                format!(
                    "After {} tries we pause sign-in for {pause_minutes} minutes.",
                    crate::model::number(tries as usize)
                )
                .into_any(),
            ),
            SignInProblem::NotVerified => Some(
                view! { <a href=site.to_with("/check-mail", i)>"Type the code or have a new mail sent"</a> }.into_any(),
            ),
            SignInProblem::PasskeyExpired
            | SignInProblem::PasskeyUnknown
            | SignInProblem::PasskeyRefused
            | SignInProblem::PasskeyCopied
            | SignInProblem::Paused { .. }
            | SignInProblem::Full { .. }
            | SignInProblem::Held(_) => None,
        });
        let foot = (site.registration_open() && !self.another)
            .then(|| view! { "New here? " <a href=site.to_with("/register", i)>"Create an account"</a> }.into_any());
        let or = || view! { <p class="grid grid-cols-[1fr_auto_1fr] items-center gap-3.5 text-ink-3 text-xs before:h-px before:bg-line after:h-px after:bg-line">"or"</p> };
        let by_mail = self.ways.mail.then(|| {
            let href = site.along("/sign-in/mail", i, self.next, &[]);
            view! { {or()} <ButtonLink href wide=true>"Sign in by e-mail"</ButtonLink> }
        });
        let passkey = self.ways.passkeys.then(|| {
            let divider = (!self.ways.mail).then(or);
            let unknown = self.problem == Some(SignInProblem::PasskeyUnknown);
            view! {
                <div class="needs-script" data-with-passkey="1"><div class="grid gap-5">
                {divider}
                <PasskeyForm
                    site=site.clone()
                    ceremony=Ceremony::Get
                    wide=true
                    interaction=self.interaction.clone()
                    next=self.next
                    unknown
                >
                    "Sign in with a passkey"
                </PasskeyForm>
                </div></div>
            }
        });
        let panel = view! {
            <CallerHead caller=self.caller/>
            <h1>{title}</h1>
            <FlashNote flash=self.flash/>
            <ErrorSummary title="You are not signed in yet" problems note/>
            <form class="grid gap-4" method="post" action=site.to("/do/sign-in")>
                <Hidden name="i" value=self.interaction.clone()/>
                <Hidden name="next" value=self.next.map(str::to_owned)/>
                <Hidden name="n" value=self.number/>
                <Hidden name="can" value=self.ways.passkeys.then(String::new)/>
                <Field
                    id="username"
                    label="E-mail or username"
                    autocomplete=if self.ways.passkeys { "username webauthn" } else { "username" }
                    kind=Asks::Exact
                    value=self.username
                    autofocus=focus == Some("username")
                />
                <PasswordField
                    id="password"
                    label="Password"
                    autocomplete="current-password"
                    error=wrong.then(|| "Check both fields, then type the password again.".to_owned())
                    autofocus=focus == Some("password")
                />
                <div class="flex flex-wrap items-center justify-between gap-x-4 text-sm">
                    <Check name="stay" checked=self.stay>"Stay signed in"</Check>
                    <a href=site.to_with("/forgot-password", i)>"Forgot your password?"</a>
                </div>
                <Button kind=Kind::Primary wide=true>"Sign in"</Button>
            </form>
            {by_mail}
            {passkey}
        };
        door(site, Door { panel: panel.into_any(), foot, wide: false })
    }
}
