//! Changing an application.

use leptos::prelude::*;

use super::{Page, Setting, client::declared, first_wrong};
use crate::components::{
    Alert, Area, Asks, Button, ButtonLink, Check, Checks, Crumb, ErrorSummary, Field, Hidden, Kind, Pick, Place, Tone,
    room,
};
use crate::model::{EditClientPage, Entry, FURTHER, SECTIONS, Section, Shape, Site, words_for};

impl Page for EditClientPage {
    fn title(&self, site: &Site) -> String {
        format!("Change {} · {}", self.client.caller.name, site.name())
    }

    fn failed(&self) -> bool {
        !self.problems.is_empty() || self.differs.is_some()
    }

    fn setting(&self) -> Setting {
        Setting::Room
    }

    fn view(self, site: &Site) -> AnyView {
        let name = self.client.caller.name.clone();
        let one = site.to_query("/admin/clients/client", "id", &self.client.id);
        let owner = self.owner.clone().map(|owner| declared(owner, self.client.differs));
        let top = view! {
            <div class="grid gap-2.5">
                <Crumb href=one.clone() above="The application" here="Change".to_owned()/>
                <h1>"Change " {name}</h1>
                {owner}
            </div>
        };
        let differs = self.differs.clone().map(|labels| differs(labels, one.clone()));
        let sections = SECTIONS.iter().map(|section| self.section(section)).collect_view();
        // Without a wrong field it opens at the first one: what is to be decided stands above it.
        let focus = first_wrong(&self.problems).or(self.differs.is_some().then_some("client_name"));
        let error = |field| words_for(&self.problems, field);
        let body = view! {
            {differs}
            <ErrorSummary title="The application is not changed yet" problems=self.problems.clone()/>
            <form class="grid gap-9 max-w-[62ch]" method="post" action=site.to("/do/edit-client")>
                <Hidden name="id" value=self.client.id.clone()/>
                <Hidden name="version" value=self.version.to_string()/>
                <Field
                    id="client_name"
                    label="Name"
                    autocomplete="off"
                    maxlength=200
                    value=self.values.name.clone()
                    hint=Some("What people see.".to_owned())
                    error=error("client_name")
                    autofocus=focus == Some("client_name")
                />
                {sections}
                <section class="grid gap-4" aria-labelledby="others">
                    <h2 id="others">"Everything else"</h2>
                    <Area
                        id=FURTHER
                        label="Further settings"
                        value=self.values.further.clone()
                        optional=true
                        hint=Some("A JSON object, with the names that files and the API use. What is not in it is as it is by itself.".to_owned())
                        error=error(FURTHER)
                        autofocus=focus == Some(FURTHER)
                    />
                </section>
                <div class="pair">
                    <ButtonLink href=one>"Cancel"</ButtonLink>
                    <Button kind=Kind::Primary>"Save changes"</Button>
                </div>
            </form>
        };
        room(site, self.room, Place::Applications, top.into_any(), body.into_any())
    }
}

/// Somebody was faster: what that means for what stands here.
fn differs(labels: Vec<&'static str>, one: String) -> AnyView {
    let lines = labels.into_iter().map(|label| view! { <li>{label}</li> }).collect_view();
    view! {
        <Alert tone=Tone::Look role="alert" title="Somebody changed it since you opened this">
            <p>"Nothing of yours is saved yet. The fields hold what you sent; it differs from what is there now in:"</p>
            <ul class="ps-4.5 list-disc">{lines}</ul>
            <p>
                "Save again to put yours in place of that, or "
                <a href=one>"look at the application as it is"</a> "."
            </p>
        </Alert>
    }
    .into_any()
}

impl EditClientPage {
    fn section(&self, section: &Section) -> AnyView {
        let fields = section.entries.iter().map(|entry| self.field(entry)).collect_view();
        view! {
            <section class="grid gap-4" aria-labelledby=section.id>
                <h2 id=section.id>{section.title}</h2>
                {fields}
            </section>
        }
        .into_any()
    }

    fn field(&self, entry: &Entry) -> AnyView {
        let Entry { setting: id, label, .. } = *entry;
        let value = self.values.one(id).to_owned();
        let hint = (!entry.hint.is_empty()).then(|| entry.hint.to_owned());
        let error = words_for(&self.problems, id);
        let autofocus = first_wrong(&self.problems) == Some(id);
        let line = |kind, value, hint, error| {
            view! { <Field id label kind autocomplete="off" optional=true value hint error autofocus/> }.into_any()
        };
        match entry.shape {
            Shape::Words => line(Asks::Exact, value, hint, error),
            Shape::Link => line(Asks::Url, value, hint, error),
            Shape::Number => line(Asks::Number, value, hint, error),
            Shape::Lines | Shape::Returns | Shape::Json => {
                view! { <Area id label value optional=true hint error autofocus/> }.into_any()
            }
            Shape::Tick => {
                let checked = self.values.has(id, "1");
                view! { <Check name=id checked hint error autofocus>{label}</Check> }.into_any()
            }
            Shape::One(options) => {
                let chosen =
                    options.iter().find(|(one, _)| *one == value).or(options.first()).map_or("", |(one, _)| one);
                let options = options.iter().map(|(value, words)| ((*value).to_owned(), (*words).to_owned())).collect();
                view! { <Pick id label options chosen hint error autofocus/> }.into_any()
            }
            Shape::Some(options) => {
                let option = |(value, words): &(&str, &str)| {
                    ((*value).to_owned(), (*words).to_owned(), self.values.has(id, value))
                };
                let options = options.iter().map(option).collect();
                view! { <Checks id label options hint error autofocus/> }.into_any()
            }
        }
    }
}
