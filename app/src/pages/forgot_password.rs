//! Forgotten password: the same answer for known and unknown addresses.

use leptos::prelude::*;

use super::{Page, head};
use crate::components::{Asks, Button, ButtonLink, Door, ErrorSummary, Field, Hidden, Kind, door};
use crate::model::{ForgotPasswordPage, Site, span, words_for};

impl Page for ForgotPasswordPage {
    fn title(&self, _: &Site) -> String {
        if self.sent { "Check your mail".to_owned() } else { "Forgot your password?".to_owned() }
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn view(self, site: &Site) -> AnyView {
        let i = self.interaction.as_deref();
        let sign_in = site.to_with("/sign-in", i);
        if self.sent {
            let again = site.to_with("/forgot-password", i);
            let panel = view! {
                {head(
                    "Check your mail",
                    format!(
                        "If that address has an account, a mail is on its way. Its link works once, for {}.",
                        span(site.mail_links().reset)
                    ),
                )}
                <div class="flex max-door:grid"><ButtonLink href=sign_in>"Back to sign-in"</ButtonLink></div>
            };
            let foot =
                view! { "Nothing after a few minutes? Look in the spam folder, or " <a href=again>"ask again"</a> "." };
            return door(site, Door { panel: panel.into_any(), foot: Some(foot.into_any()), wide: false });
        }
        let problems: Vec<_> = self.problem.into_iter().collect();
        let error = words_for(&problems, "email");
        let autofocus = error.is_some();
        let panel = view! {
            {head("Forgot your password?", "Type your address. We send a link there that lets you choose a new one.")}
            <ErrorSummary title="Nothing was sent yet" problems/>
            <form class="grid gap-4" method="post" action=site.to("/do/forgot-password")>
                <Hidden name="i" value=self.interaction.clone()/>
                <Field id="email" label="E-mail" kind=Asks::Email autocomplete="email" maxlength=320 value=self.email error autofocus/>
                <Button kind=Kind::Primary wide=true>"Send the link"</Button>
            </form>
        };
        let foot = view! { "It came back to you? " <a href=sign_in>"Sign in"</a> };
        door(site, Door { panel: panel.into_any(), foot: Some(foot.into_any()), wide: false })
    }
}
