//! Authenticator apps: name it, scan it, give it another name, remove it.

use leptos::prelude::*;

use super::{Page, head};
use crate::components::{
    Alert, Asks, Button, ButtonLink, Door, ErrorSummary, Field, Hidden, Kind, QrPicture, StepBar, Tone, door,
};
use crate::model::{
    AddAuthenticatorPage, NameProblem, RemoveAuthenticatorPage, RenameAuthenticatorPage, ScanAuthenticatorPage, Site,
    words_for,
};

/// The way of an app into the account.
const STEPS: [&str; 3] = ["Name it", "Scan", "Recovery codes"];
const STEPS_LABEL: &str = "Adding an authenticator app";

impl Page for AddAuthenticatorPage {
    fn title(&self, _: &Site) -> String {
        "Add an authenticator app".to_owned()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let panel = view! {
            <StepBar label=STEPS_LABEL steps=&STEPS at=0/>
            {head(title, "An app on your phone or computer that shows six digits, a new six every 30 seconds. Signing in will ask for them after the password.")}
            <form class="grid gap-4" method="post" action=site.to("/do/add-authenticator")>
                {name_field(self.name, self.problem)}
                <div class="pair">
                    <ButtonLink href=site.to("/account/security")>"Not now"</ButtonLink>
                    <Button kind=Kind::Primary>"Continue"</Button>
                </div>
            </form>
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: false })
    }
}

/// The field for a name, with what was wrong above it.
fn name_field(name: String, problem: Option<NameProblem>) -> impl IntoView {
    let problems: Vec<_> = problem.into_iter().collect();
    let error = words_for(&problems, "label");
    let autofocus = error.is_some() || problems.is_empty();
    view! {
        <ErrorSummary title="Nothing is changed yet" problems/>
        <Field
            id="label"
            label="What you call it"
            autocomplete="off"
            kind=Asks::Text
            value=name
            maxlength=200
            hint=Some("Such as Phone, or the name of the app.".to_owned())
            error
            autofocus
        />
    }
}

impl Page for ScanAuthenticatorPage {
    fn title(&self, _: &Site) -> String {
        "Scan this with your app".to_owned()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let problems: Vec<_> = self.problem.into_iter().collect();
        let error = words_for(&problems, "code");
        // The picture comes first: somebody who listens to the page begins at its beginning.
        let autofocus = error.is_some();
        let panel = view! {
            <StepBar label=STEPS_LABEL steps=&STEPS at=1/>
            {head(title, view! { "Any authenticator app will do; this one will be called " <b class="wrap-anywhere">{self.name}</b> ". No camera? Type the key instead." })}
            <QrPicture code=self.qr label="QR code that holds the set-up key shown below"/>
            <div class="grid gap-1.5">
                <p class="text-sm font-medium">"Set-up key"</p>
                <p class="look px-3.5 py-2.5 rounded-md bg-(--soft) border border-(--rule)"><code class="text-sm select-all wrap-anywhere">{self.key}</code></p>
            </div>
            <ErrorSummary title="The app is not added yet" problems/>
            <form class="grid gap-4" method="post" action=site.to("/do/confirm-authenticator")>
                <Field
                    id="code"
                    label="Six digits from the app"
                    autocomplete="one-time-code"
                    kind=Asks::Code
                    maxlength=12
                    hint=Some("They show that the app and we agree.".to_owned())
                    error
                    autofocus
                />
                <div class="pair">
                    <ButtonLink href=site.to("/account/security")>"Not now"</ButtonLink>
                    <Button kind=Kind::Primary>"Turn on"</Button>
                </div>
            </form>
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: false })
    }
}

impl Page for RenameAuthenticatorPage {
    fn title(&self, _: &Site) -> String {
        "Rename the authenticator app".to_owned()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let panel = view! {
            {head(title, view! { "It is called " <b class="wrap-anywhere">{self.called}</b> " now. Its codes stay as they are." })}
            <form class="grid gap-4" method="post" action=site.to("/do/rename-authenticator")>
                <Hidden name="id" value=self.id/>
                {name_field(self.name, self.problem)}
                <div class="pair">
                    <ButtonLink href=site.to("/account/security")>"Keep the name"</ButtonLink>
                    <Button kind=Kind::Primary>"Rename"</Button>
                </div>
            </form>
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: false })
    }
}

impl Page for RemoveAuthenticatorPage {
    fn title(&self, _: &Site) -> String {
        format!("Remove {}?", self.authenticator.name)
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let last = self.is_last.then(|| {
            view! {
                <Alert tone=Tone::Look title="It is your only authenticator app">
                    <p>"Without it the password alone opens your account, and your recovery codes end with it."</p>
                </Alert>
            }
        });
        let panel = view! {
            {head(title, "Its codes stop working, and every other session ends. This browser stays.")}
            {last}
            <form class="pair" method="post" action=site.to("/do/remove-authenticator")>
                <Hidden name="id" value=self.authenticator.id/>
                <ButtonLink href=site.to("/account/security")>"Keep it"</ButtonLink>
                <Button kind=Kind::Danger>"Remove"</Button>
            </form>
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: false })
    }
}
