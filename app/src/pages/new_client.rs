//! A new application.

use leptos::prelude::*;

use super::{Page, Setting, first_wrong};
use crate::components::{Area, Asks, Button, ButtonLink, Crumb, ErrorSummary, Field, Kind, Place, room};
use crate::model::{ClientSort, NewClientPage, Site, words_for};

/// What it may be, how a form sends that, and what it means.
const KINDS: [(ClientSort, &str, &str, &str); 3] = [
    (
        ClientSort::Web,
        "web",
        "Web application",
        "Runs on a server of yours. It gets a secret, and people sign in to it.",
    ),
    (ClientSort::Public, "public", "Browser or native app", "Runs where no secret can be kept. PKCE proves it."),
    (
        ClientSort::Machine,
        "machine",
        "Machine",
        "A program without people. It gets a secret and asks for tokens of its own.",
    ),
];

impl Page for NewClientPage {
    fn title(&self, site: &Site) -> String {
        format!("New application · {}", site.name())
    }

    fn failed(&self) -> bool {
        !self.problems.is_empty()
    }

    fn setting(&self) -> Setting {
        Setting::Room
    }

    fn view(self, site: &Site) -> AnyView {
        let focus = first_wrong(&self.problems);
        let error = |field| words_for(&self.problems, field);
        let kinds = KINDS.map(|(sort, value, name, detail)| {
            let checked = sort == self.values.kind;
            view! {
                <label class="card-choice">
                    <input type="radio" name="kind" value=value autocomplete="off" checked=checked/>
                    <span><b class="block">{name}</b><small class="block text-ink-2 text-xs">{detail}</small></span>
                </label>
            }
        });
        let top = view! {
            <div class="grid gap-2.5">
                <Crumb href=site.to("/admin/clients") above="Applications" here="New".to_owned()/>
                <h1>"New application"</h1>
            </div>
        };
        let body = view! {
            <ErrorSummary title="The application is not made yet" problems=self.problems.clone()/>
            <form class="grid gap-4 max-w-[62ch]" method="post" action=site.to("/do/create-client")>
                <Field
                    id="client_name"
                    label="Name"
                    autocomplete="off"
                    maxlength=200
                    value=self.values.name
                    hint=Some("What people see.".to_owned())
                    error=error("client_name")
                    autofocus=focus == Some("client_name")
                />
                <fieldset class="grid gap-2.5">
                    <legend class="pb-1.5 text-sm font-medium">"What it is"</legend>
                    {kinds.collect_view()}
                </fieldset>
                <Area
                    id="redirect_uris"
                    label="Addresses that people may be sent back to"
                    value=self.values.redirect_uris
                    optional=true
                    hint=Some("One a line, exactly as the application sends them. A machine needs none.".to_owned())
                    error=error("redirect_uris")
                    autofocus=focus == Some("redirect_uris")
                />
                <Field
                    id="client_id"
                    label="Client id"
                    kind=Asks::Exact
                    autocomplete="off"
                    optional=true
                    maxlength=100
                    value=self.values.client_id
                    hint=Some("Empty: we make one. It stays as it is for good.".to_owned())
                    error=error("client_id")
                    autofocus=focus == Some("client_id")
                />
                <div class="pair">
                    <ButtonLink href=site.to("/admin/clients")>"Cancel"</ButtonLink>
                    <Button kind=Kind::Primary>"Make application"</Button>
                </div>
            </form>
        };
        room(site, self.room, Place::Applications, top.into_any(), body.into_any())
    }
}
