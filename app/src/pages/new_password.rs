//! A new password, by the link of a mail.

use leptos::prelude::*;

use super::{Page, Setting, first_wrong, head};
use crate::components::{Button, Dead, Door, ErrorSummary, Hidden, Kind, NewPassword, door};
use crate::model::{NewPasswordPage, Site, span, words_for};

impl Page for NewPasswordPage {
    fn title(&self, _: &Site) -> String {
        match self {
            Self::Ready { .. } => "Choose a new password".to_owned(),
            Self::Dead => "This link no longer works".to_owned(),
        }
    }

    fn failed(&self) -> bool {
        match self {
            Self::Ready { problems, .. } => !problems.is_empty(),
            Self::Dead => true,
        }
    }

    fn setting(&self) -> Setting {
        match self {
            Self::Ready { .. } => Setting::Door,
            Self::Dead => Setting::ShutDoor,
        }
    }

    fn view(self, site: &Site) -> AnyView {
        let panel = match self {
            Self::Dead => {
                let age = span(site.mail_links().reset);
                let words = format!("It was used or is older than {age}. Ask for a new one.");
                view! { <Dead title="This link no longer works" words way_on=(site.to("/forgot-password"), "Ask for a new link")/> }.into_any()
            }
            Self::Ready { token, email, rules, problems } => {
                let focus = first_wrong(&problems);
                let error = |field| words_for(&problems, field);
                let sentence = match &email {
                    Some(email) => view! { "For " <b class="wrap-anywhere">{email.clone()}</b> ". Every session that is open now will end." }.into_any(),
                    None => "Every session that is open now will end.".into_any(),
                };
                view! {
                    {head("Choose a new password", sentence)}
                    <ErrorSummary title="The password is not changed yet" problems=problems.clone()/>
                    <form class="grid gap-4" method="post" action=site.to("/do/reset-password")>
                        <Hidden name="t" value=token/>
                        {email.map(|email| view! { <input class="hidden" type="text" autocomplete="username" value=email readonly tabindex="-1" aria-hidden="true"/> })}
                        <NewPassword label="New password" rules error=error("password") again_error=error("again") focus/>
                        <Button kind=Kind::Primary wide=true>"Set the password"</Button>
                    </form>
                }
                .into_any()
            }
        };
        door(site, Door { panel, foot: None, wide: false })
    }
}
