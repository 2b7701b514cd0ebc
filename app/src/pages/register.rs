//! Create an account.

use leptos::prelude::*;

use super::{Page, first_wrong, head};
use crate::components::{Asks, Button, CallerHead, Door, ErrorSummary, Field, Hidden, Kind, NewPassword, door};
use crate::model::{RegisterPage, Site, words_for};

impl Page for RegisterPage {
    fn title(&self, _: &Site) -> String {
        "Create an account".to_owned()
    }

    fn failed(&self) -> bool {
        !self.problems.is_empty()
    }

    fn view(self, site: &Site) -> AnyView {
        let i = self.interaction.as_deref();
        let focus = first_wrong(&self.problems);
        let error = |field| words_for(&self.problems, field);
        let sentence = match (&self.organization, &self.caller) {
            (Some(organization), _) => {
                format!("With it you can join {organization}. The address is confirmed by the link you followed.")
            }
            (None, Some(caller)) => format!("One account for {} and everything else at {}.", caller.name, site.name()),
            (None, None) => format!("One account for everything at {}.", site.name()),
        };
        let terms = site
            .links()
            .terms
            .clone()
            .map(|url| view! { "By creating an account you accept the " <a href=url>"terms"</a> ". " });
        let sign_in = site.along("/sign-in", i, self.next, &[]);
        let panel = view! {
            <CallerHead caller=self.caller/>
            {head("Create an account", sentence)}
            <ErrorSummary title="Your account is not made yet" problems=self.problems.clone()/>
            <form class="grid gap-4" method="post" action=site.to("/do/register")>
                <Hidden name="i" value=self.interaction.clone()/>
                <Hidden name="next" value=self.next.map(str::to_owned)/>
                <Field
                    id="email"
                    label="E-mail"
                    kind=Asks::Email
                    autocomplete="email"
                    maxlength=320
                    value=self.values.email
                    error=error("email")
                    autofocus=focus == Some("email")
                />
                <Field
                    id="username"
                    label="Username"
                    autocomplete="username"
                    optional=true
                    kind=Asks::Exact
                    maxlength=100
                    value=self.values.username
                    hint=Some("A short name to sign in with, instead of the address.".to_owned())
                    error=error("username")
                    autofocus=focus == Some("username")
                />
                <Field
                    id="name"
                    label="Display name"
                    autocomplete="name"
                    optional=true
                    maxlength=200
                    value=self.values.name
                    hint=Some("What others see.".to_owned())
                    error=error("name")
                    autofocus=focus == Some("name")
                />
                <NewPassword rules=self.rules error=error("password") again_error=error("again") focus/>
                <Button kind=Kind::Primary wide=true>"Create account"</Button>
                <p class="text-ink-3 text-xs">{terms} "We keep your address to reach you about this account, and for nothing else."</p>
            </form>
        };
        let foot = view! { "Have an account? " <a href=sign_in>"Sign in"</a> };
        door(site, Door { panel: panel.into_any(), foot: Some(foot.into_any()), wide: false })
    }
}
