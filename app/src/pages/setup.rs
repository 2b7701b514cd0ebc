//! The first administrator of an empty instance.

use leptos::prelude::*;

use super::{Page, Setting, first_wrong, head};
use crate::components::{Asks, Button, Dead, Door, ErrorSummary, Field, Hidden, Kind, NewPassword, door};
use crate::model::{SetupPage, Site, words_for};

impl Page for SetupPage {
    fn title(&self, site: &Site) -> String {
        match self {
            Self::Ready { .. } => format!("Set up {}", site.name()),
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
        let title = self.title(site);
        let panel = match self {
            Self::Dead => {
                let words =
                    "It was used, or a newer one was made. Whoever runs this place finds the way in the server's log.";
                view! { <Dead title="This link no longer works" words way_on=(site.to("/sign-in"), "Go to sign-in")/> }
                    .into_any()
            }
            Self::Ready { token, values, rules, problems } => {
                let focus = first_wrong(&problems);
                let error = |field| words_for(&problems, field);
                view! {
                    {head(title, "Nobody lives here yet. Make the first account: it is the administrator's, and this link works once.")}
                    <ErrorSummary title="The account is not made yet" problems=problems.clone()/>
                    <form class="grid gap-4" method="post" action=site.to("/do/setup")>
                        <Hidden name="t" value=token/>
                        <Field
                            id="email"
                            label="E-mail"
                            kind=Asks::Email
                            autocomplete="username"
                            maxlength=320
                            value=values.email
                            error=error("email")
                            autofocus=focus == Some("email")
                        />
                        <Field
                            id="name"
                            label="Display name"
                            autocomplete="name"
                            optional=true
                            maxlength=200
                            value=values.name
                            error=error("name")
                            autofocus=focus == Some("name")
                        />
                        <NewPassword rules error=error("password") again_error=error("again") focus/>
                        <Button kind=Kind::Primary wide=true>"Make the first account"</Button>
                    </form>
                }
                .into_any()
            }
        };
        door(site, Door { panel, foot: None, wide: false })
    }
}
