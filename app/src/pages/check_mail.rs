//! Check your mail: the code, or the link.

use leptos::prelude::*;

use super::{Page, head};
use crate::components::{Asks, Button, CallerHead, Door, ErrorSummary, Field, FlashNote, Hidden, Kind, door};
use crate::model::{CheckMailPage, Site, words_for};

impl Page for CheckMailPage {
    fn title(&self, _: &Site) -> String {
        "Check your mail".to_owned()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn view(self, site: &Site) -> AnyView {
        let i = self.interaction.as_deref();
        let problems: Vec<_> = self.problem.into_iter().collect();
        let error = words_for(&problems, "code");
        let autofocus = error.is_some() || problems.is_empty();
        let sentence = match self.email {
            Some(email) => view! { "We sent a link and a six-digit code to " <b class="wrap-anywhere">{email}</b> ". Either one confirms the address." }.into_any(),
            None => "We sent you a link and a six-digit code. Either one confirms the address.".into_any(),
        };
        let hint = (self.valid_hours > 0).then(|| format!("Works once, for {} hours.", self.valid_hours));
        let sign_in = site.to_with("/sign-in", i);
        let other = site
            .registration_open()
            .then(|| view! { <a href=site.to_with("/register", i)>"Use a different address"</a> });
        let panel = view! {
            <CallerHead caller=self.caller/>
            {head("Check your mail", sentence)}
            <FlashNote flash=self.flash/>
            <ErrorSummary title="The address is not confirmed yet" problems/>
            <form class="grid gap-4" method="post" action=site.to("/do/verify-code")>
                <Hidden name="i" value=self.interaction.clone()/>
                <Field
                    id="code"
                    label="Code from the mail"
                    autocomplete="one-time-code"
                    kind=Asks::Code
                    maxlength=12
                    hint=hint
                    error
                    autofocus
                />
                <Button kind=Kind::Primary wide=true>"Confirm address"</Button>
            </form>
            <form class="flex flex-wrap items-center justify-between gap-x-4 text-sm" method="post" action=site.to("/do/resend-verification")>
                <Hidden name="i" value=self.interaction.clone()/>
                <button class="min-h-11 text-door underline underline-offset-[0.2em]" type="submit">"Send it again"</button>
                {other}
            </form>
        };
        let foot = view! { "Nothing after a few minutes? Look in the spam folder." <br/> "Already confirmed? " <a href=sign_in>"Sign in"</a> };
        door(site, Door { panel: panel.into_any(), foot: Some(foot.into_any()), wide: false })
    }
}
