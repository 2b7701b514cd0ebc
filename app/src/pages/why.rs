//! Why somebody may or may not do something.

use leptos::prelude::*;

use super::{Page, Setting};
use crate::{
    components::{Alert, Button, Kind, Place, Tone, Why, room},
    model::{OrganizationPlace, Site, WhyAsked, WhyPage, WhyProblem},
};

impl Page for WhyPage {
    fn title(&self, _: &Site) -> String {
        format!("Why? · {}", self.organization)
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn setting(&self) -> Setting {
        Setting::Room
    }

    fn view(self, site: &Site) -> AnyView {
        let top = view! {
            <div class="grid gap-1.5 max-w-[62ch]">
                <h1>"Why?"</h1>
                <p class="text-ink-2">
                    "May somebody do something, and what decides it: role, grants, denials, policies. Asking changes nothing, and is not put on record."
                </p>
            </div>
        };
        let action = site.to(&format!("/organizations/{}/why", self.slug));
        let form = form(action, self.people, self.permissions, self.roles, &self.asked, self.problem);
        let answer = self.answer.map(|answer| {
            let verb = if answer.allowed { "may" } else { "may not" };
            let title = format!("{} {verb} do this", answer.person);
            view! {
                <section class="grid gap-3.5 px-5.5 py-5 max-row:px-4.5 border border-line rounded-lg min-w-0" aria-labelledby="answer" role="status">
                    <h2 id="answer" class="wrap-anywhere">{title}</h2>
                    <Why answer/>
                </section>
            }
        });
        room(
            site,
            self.room,
            Place::Organization(OrganizationPlace::Why),
            top.into_any(),
            view! { {answer} {form} }.into_any(),
        )
    }
}

fn form(
    action: String,
    people: Vec<(String, String)>,
    permissions: Vec<String>,
    roles: Vec<(String, String)>,
    asked: &WhyAsked,
    problem: Option<WhyProblem>,
) -> impl IntoView + use<> {
    let WhyAsked { person, action: permission, kind, id, role } = asked.clone();
    let mut role_options = vec![(String::new(), "the one they have".to_owned())];
    role_options.extend(roles);
    let suggestions = permissions.into_iter().map(|name| view! { <option value=name></option> }).collect_view();
    let alert = problem.map(|problem| {
        let field = format!("#{}", problem.field());
        view! {
            <Alert tone=Tone::Bad role="alert" title="One field needs another look">
                <p><a href=field>{problem.words()}</a></p>
            </Alert>
        }
    });
    view! {
        <form class="grid gap-4 max-w-[62ch]" method="get" action=action role="search">
            {alert}
            {choice("person", "Who", people, &person, problem)}
            {line("action", "May do", permission, "permissions", problem)}
            <datalist id="permissions">{suggestions}</datalist>
            <div class="grid grid-cols-2 max-row:grid-cols-1 gap-4">
                {line("type", "To a thing of this type – optional", kind, "", problem)}
                {line("id", "Which one – optional", id, "", None)}
            </div>
            {choice("role", "As if their role were", role_options, &role, problem)}
            <div><Button kind=Kind::Primary>"Ask"</Button></div>
        </form>
    }
}

fn wrong(id: &'static str, problem: Option<WhyProblem>) -> Option<&'static str> {
    problem.filter(|problem| problem.field() == id).map(WhyProblem::words)
}

fn below(id: &'static str, wrong: Option<&'static str>) -> impl IntoView {
    wrong.map(|words| view! { <p class="text-clay text-sm/snug" id=format!("{id}-error")>{words}</p> })
}

fn line(
    id: &'static str,
    label: &'static str,
    value: String,
    list: &'static str,
    problem: Option<WhyProblem>,
) -> AnyView {
    let wrong = wrong(id, problem);
    view! {
        <div class="grid gap-1.5">
            <label class="text-sm font-medium" for=id>{label}</label>
            <input
                id=id name=id type="text" value=value autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="200"
                list=(!list.is_empty()).then_some(list)
                aria-invalid=wrong.map(|_| "true") aria-describedby=wrong.map(|_| format!("{id}-error")) autofocus=wrong.is_some()
            />
            {below(id, wrong)}
        </div>
    }
    .into_any()
}

fn choice(
    id: &'static str,
    label: &'static str,
    options: Vec<(String, String)>,
    chosen: &str,
    problem: Option<WhyProblem>,
) -> AnyView {
    let wrong = wrong(id, problem);
    let options = options.into_iter().map(|(value, words)| {
        let selected = value == chosen;
        view! { <option value=value selected=selected>{words}</option> }
    });
    let options = options.collect_view();
    view! {
        <div class="grid gap-1.5">
            <label class="text-sm font-medium" for=id>{label}</label>
            <select
                id=id name=id autocomplete="off"
                aria-invalid=wrong.map(|_| "true") aria-describedby=wrong.map(|_| format!("{id}-error")) autofocus=wrong.is_some()
            >
                {options}
            </select>
            {below(id, wrong)}
        </div>
    }
    .into_any()
}
