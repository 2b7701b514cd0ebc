//! The second step of signing in, and "Confirm it is you" before something that protects the account is changed.

use leptos::prelude::*;

use super::{Page, first_wrong, head};
use crate::components::{
    Alert, Asks, Button, ButtonLink, CallerHead, Ceremony, Check, ChoiceRow, Door, ErrorSummary, Field, FlashNote,
    Hidden, Kind, PasskeyForm, PasswordField, Sign, Tone, Who, door,
};
use crate::model::{ConfirmPage, ConfirmProblem, SecondFactorPage, Sent, Site, Way, words_for};

impl SecondFactorPage {
    /// The address of a way, of this very sign-in.
    fn to(&self, site: &Site, way: &str) -> String {
        site.along("/sign-in/second-factor", self.interaction.as_deref(), self.next, &[("m", way)])
    }
}

impl SecondFactorPage {
    /// Where codes go, as far as it is shown.
    fn goal(&self, by: Sent) -> String {
        match by {
            Sent::Email => self.person.email.clone(),
            Sent::Sms => {
                let ending = self.phone_ending.as_deref().unwrap_or_default();
                format!("your number ending in {ending}")
            }
        }
    }
}

impl Page for SecondFactorPage {
    fn title(&self, _: &Site) -> String {
        match self.way {
            None => "Confirm it is you",
            Some(Way::Totp) => "Enter the code",
            Some(Way::Passkey) => "Use your passkey or security key",
            Some(Way::Sent { is_sent: false, .. }) => "Have a code sent",
            Some(Way::Sent { by: Sent::Email, .. }) => "Check your mail",
            Some(Way::Sent { by: Sent::Sms, .. }) => "Check your phone",
            Some(Way::Recovery { .. }) => "Use a recovery code",
        }
        .to_owned()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let i = self.interaction.as_deref();
        let other = if self.is_on_top {
            view! {
                <form method="post" action=site.to("/do/switch-account")>
                    <Hidden name="i" value=self.interaction.clone()/>
                    <button class="min-h-11 text-door underline underline-offset-[0.2em]" type="submit">"Not you?"</button>
                </form>
            }
            .into_any()
        } else {
            let sign_in = site.along("/sign-in", i, self.next, &[]);
            view! { <a class="inline-flex items-center min-h-11" href=sign_in>"Not you?"</a> }.into_any()
        };
        let sentence = match self.way {
            None => "Your account asks for a second step. Choose the one at hand.".to_owned(),
            Some(Way::Totp) => {
                format!("Open your authenticator app and type the six digits shown for {}.", site.name())
            }
            Some(Way::Passkey) => "Have the device or the key at hand that holds it.".to_owned(),
            Some(Way::Sent { by, is_sent: true }) => format!("We sent six digits to {}.", self.goal(by)),
            Some(Way::Sent { by, is_sent: false }) => {
                format!("We send six digits to {}. Type them on the next page.", self.goal(by))
            }
            Some(Way::Recovery { .. }) => "Type one of the codes that you kept for this day.".to_owned(),
        };
        let step = match self.way {
            None => ways(site, &self).into_any(),
            Some(Way::Passkey) => key(site, &self).into_any(),
            Some(way @ Way::Sent { is_sent: false, .. }) => send_first(site, &self, way).into_any(),
            Some(way) => form(site, &self, way).into_any(),
        };
        let foot = match self.way {
            Some(_) => view! { <a href=self.to(site, "ways")>"Try another way"</a> }.into_any(),
            None => match &site.links().help {
                Some(help) => view! { "Lost all of these? " <a href=help.clone()>"Ask for help"</a> }.into_any(),
                None => "Lost all of these? Ask an administrator.".into_any(),
            },
        };
        let panel = view! {
            <CallerHead caller=self.caller/>
            <Who person=self.person>
                {other}
            </Who>
            {head(title, sentence)}
            <FlashNote flash=self.flash/>
            {step}
        };
        door(site, Door { panel: panel.into_any(), foot: Some(foot), wide: false })
    }
}

/// All ways, the one used last first.
fn ways(site: &Site, page: &SecondFactorPage) -> impl IntoView + use<> {
    let choices = page.ways.iter().enumerate().map(|(n, way)| {
        let (href, last) = (page.to(site, way.code()), n == 0);
        match way {
            Way::Totp => {
                let (sign, what, small) = (Sign::Authenticator, "Authenticator app", "Six digits from your phone");
                ChoiceRow { sign, what, small, last }.link(href).into_any()
            }
            Way::Passkey => {
                let (what, small) = ("Passkey or security key", "On this device, your phone, or a key to plug in");
                ChoiceRow { sign: Sign::Passkey, what, small, last }.link(href).into_any()
            }
            Way::Sent { by, is_sent } => {
                let small = format!("Six digits to {}", page.goal(*by));
                let (sign, what) = match by {
                    Sent::Email => (Sign::Mail, "Code by e-mail"),
                    Sent::Sms => (Sign::Phone, "Code by SMS"),
                };
                let row = ChoiceRow { sign, what, small: &small, last };
                if *is_sent {
                    row.link(href).into_any()
                } else {
                    row.button(site.to("/do/send-code"), hidden(page, *way).into_any()).into_any()
                }
            }
            Way::Recovery { left } => {
                let small = format!("{left} left, each works once");
                let row = ChoiceRow { sign: Sign::Sheet, what: "Recovery code", small: &small, last };
                row.link(href).into_any()
            }
        }
    });
    view! { <ul class="grid gap-2">{choices.collect_view()}</ul> }
}

/// What every form of the second step sends along.
fn hidden(page: &SecondFactorPage, way: Way) -> impl IntoView + use<> {
    view! {
        <Hidden name="i" value=page.interaction.clone()/>
        <Hidden name="next" value=page.next.map(str::to_owned)/>
        <Hidden name="m" value=way.code().to_owned()/>
    }
}

/// A ceremony, which needs a script; without one the page says so, and the other ways stay.
fn key(site: &Site, page: &SecondFactorPage) -> impl IntoView + use<> {
    let problems: Vec<_> = page.problem.into_iter().collect();
    let interaction = page.interaction.clone();
    view! {
        <ErrorSummary title="You are not signed in yet" problems/>
        <div class="without-script"><Alert tone=Tone::Info title="Scripts are off"><p>"Your browser needs them to ask for a passkey or security key. Turn them on for this page, or try another way."</p></Alert></div>
        <PasskeyForm site=site.clone() ceremony=Ceremony::Second kind=Kind::Primary wide=true interaction next=page.next>
            "Use your passkey or security key"
        </PasskeyForm>
    }
}

/// The code is sent when it is asked for.
fn send_first(site: &Site, page: &SecondFactorPage, way: Way) -> impl IntoView + use<> {
    let problems: Vec<_> = page.problem.into_iter().collect();
    view! {
        <ErrorSummary title="No code was sent" problems/>
        <form class="grid gap-4" method="post" action=site.to("/do/send-code")>
            {hidden(page, way)}
            <Button kind=Kind::Primary wide=true>"Send the code"</Button>
        </form>
    }
}

fn form(site: &Site, page: &SecondFactorPage, way: Way) -> impl IntoView + use<> {
    let problems: Vec<_> = page.problem.into_iter().collect();
    let (id, label, autocomplete, kind, hint) = match way {
        Way::Totp => {
            let hint = "A new code appears every 30 seconds. Each one works once.".to_owned();
            ("code", "Six-digit code", "one-time-code", Asks::Code, hint)
        }
        Way::Passkey | Way::Sent { .. } => {
            let hint = "Works once, for ten minutes, in this browser only.".to_owned();
            let is_sms = matches!(way, Way::Sent { by: Sent::Sms, .. });
            let label = if is_sms { "Code from the message" } else { "Code from the mail" };
            ("code", label, "one-time-code", Asks::Code, hint)
        }
        Way::Recovery { left } => {
            let hint = format!("Eight letters and digits. {left} left; each one works once.");
            ("recovery_code", "Recovery code", "off", Asks::Exact, hint)
        }
    };
    let error = words_for(&problems, id);
    let autofocus = error.is_some() || problems.is_empty();
    let trust = page.trust_days.map(|days| {
        let words = format!("Don't ask in this browser for {days} days");
        view! { <Check name="trust" checked=false><span>{words}</span></Check> }
    });
    let again = matches!(way, Way::Sent { .. }).then(|| {
        view! {
            <form class="text-sm" method="post" action=site.to("/do/send-code")>
                {hidden(page, way)}
                <button class="min-h-11 text-door underline underline-offset-[0.2em]" type="submit">"Send another code"</button>
            </form>
        }
    });
    view! {
        <ErrorSummary title="You are not signed in yet" problems/>
        <form class="grid gap-4" method="post" action=site.to("/do/second-factor")>
            {hidden(page, way)}
            <Hidden name="n" value=page.number.clone()/>
            <Field id label autocomplete kind maxlength=24 hint=Some(hint) error autofocus/>
            {trust}
            <Button kind=Kind::Primary wide=true>"Continue"</Button>
        </form>
        {again}
    }
}

impl Page for ConfirmPage {
    fn title(&self, _: &Site) -> String {
        "Confirm it is you".to_owned()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let problems: Vec<_> = self.problem.into_iter().collect();
        let focus = first_wrong(&problems);
        let wrong = matches!(self.problem, Some(ConfirmProblem::Wrong));
        let email = self.person.email.clone();
        let how = match (self.has_password, self.has_passkey) {
            (true, false) => "Type your password once more.",
            (true, true) => "Type your password once more, or use a passkey.",
            (false, true) => "Use a passkey once more.",
            (false, false) => "Sign out and in again.",
        };
        let sentence =
            format!("You are about to change what protects your account, and you signed in some time ago. {how}");
        let passkey = self.has_passkey.then(|| {
            view! {
                <PasskeyForm site=site.clone() ceremony=Ceremony::Confirm wide=true next=self.next>
                    "Use a passkey"
                </PasskeyForm>
            }
        });
        let form = if self.has_password {
            view! {
                <form class="grid gap-4" method="post" action=site.to("/do/confirm")>
                    <input class="hidden" type="text" autocomplete="username" value=email readonly tabindex="-1" aria-hidden="true"/>
                    <Hidden name="next" value=self.next.map(str::to_owned)/>
                    <Hidden name="n" value=self.number/>
                    <PasswordField
                        id="password"
                        label="Password"
                        autocomplete="current-password"
                        error=wrong.then(|| "Type it again.".to_owned())
                        autofocus=problems.is_empty() || focus == Some("password")
                    />
                    <div class="pair">
                        <ButtonLink href=site.to("/account/security")>"Not now"</ButtonLink>
                        <Button kind=Kind::Primary>"Continue"</Button>
                    </div>
                </form>
            }
            .into_any()
        } else {
            view! {
                <div class="pair">
                    <ButtonLink href=site.to("/account/security")>"Not now"</ButtonLink>
                    <ButtonLink href=site.to("/sign-out") kind=Kind::Primary>"Sign out"</ButtonLink>
                </div>
            }
            .into_any()
        };
        let panel = view! {
            <Who person=self.person/>
            {head(title, sentence)}
            <ErrorSummary title="It is not confirmed yet" problems/>
            {form}
            {passkey}
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: false })
    }
}
