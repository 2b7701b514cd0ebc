//! The REST API, for who writes programs. Public, whole without a script, and printed as it stands.

use leptos::prelude::*;

use super::{Page, Setting};
use crate::components::{Badge, Mark};
use crate::model::{Member, Operation, OperationAnswer, ReferenceArea, ReferencePage, Site};

impl Page for ReferencePage {
    fn title(&self, site: &Site) -> String {
        format!("REST API · {}", site.name())
    }

    fn setting(&self) -> Setting {
        Setting::Book
    }

    fn view(self, site: &Site) -> AnyView {
        let contents = self.areas.iter().map(|area| {
            view! {
                <li>
                    <a class="inline-flex items-center min-h-8 max-side:min-h-11" href=format!("#{}", area.id)>{area.name.clone()}</a>
                </li>
            }
        });
        let contents = contents.collect_view();
        let about = self.about.into_iter().map(|words| view! { <p>{in_code(&words)}</p> }).collect_view();
        let areas = self.areas.into_iter().map(area).collect_view();
        view! {
            <a class="skip" href="#main">"Skip to content"</a>
            <header class="flex flex-wrap items-center justify-between gap-x-6 px-12 max-side:px-4.5 py-2">
                <a class="inline-flex items-center gap-2.5 min-h-11 font-semibold text-ink no-underline" href=site.to("/")>
                    <Mark size=26/>
                    {site.name().to_owned()}
                </a>
                <a class="inline-flex items-center min-h-11 text-sm" href=self.document>"The same for programs (OpenAPI 3.1)"</a>
            </header>
            <main class="room" id="main" tabindex="-1">
                <div class="grid gap-2.5 max-w-[64ch] min-w-0">
                    <h1>"REST API"</h1>
                    <p class="text-ink-2 wrap-anywhere">"Version " {self.version} " at " <code>{self.server}</code></p>
                    {about}
                </div>
                <nav aria-label="Areas"><ul class="flex flex-wrap gap-x-5 text-sm">{contents}</ul></nav>
                {areas}
            </main>
        }
        .into_any()
    }
}

fn area(area: ReferenceArea) -> AnyView {
    let title = format!("{}-title", area.id);
    let titled_by = title.clone();
    let operations = area.operations.into_iter().map(operation).collect_view();
    view! {
        <section class="grid gap-3.5" id=area.id aria-labelledby=titled_by>
            <div class="grid gap-1.5 max-w-[64ch]"><h2 id=title>{area.name}</h2><p class="text-ink-2">{area.about}</p></div>
            <div class="border border-line rounded-lg overflow-clip divide-y divide-line">{operations}</div>
        </section>
    }
    .into_any()
}

fn operation(operation: Operation) -> AnyView {
    let about = operation.about.map(|words| view! { <p class="max-w-[64ch]">{in_code(&words)}</p> });
    let token = if operation.asks_for_token { "Asks for a bearer token." } else { "Asks for no token." };
    let answers = operation.answers.into_iter().map(answer).collect_view();
    view! {
        <details class="more" id=operation.id>
            <summary class="flex flex-wrap items-center gap-x-3 gap-y-1 min-h-11 px-4.5 py-2.5 cursor-pointer">
                <span class="min-w-14 font-mono text-xs font-semibold text-door">{operation.method}</span>
                <code class="wrap-anywhere min-w-0">{operation.path}</code>
                <span class="flex-1 min-w-40 text-ink-2 text-sm">{operation.summary}</span>
            </summary>
            <div class="grid gap-5 px-4.5 pt-1.5 pb-5 text-sm">
                <div class="grid gap-1.5">{about}<p class="text-ink-2">{token}</p></div>
                {members("Parameters", operation.parameters)}
                {members("Body", operation.body)}
                <div class="grid gap-1.5">
                    <h3>"Answers"</h3>
                    <ul class="grid gap-3.5">{answers}</ul>
                </div>
                <div class="grid gap-1.5">
                    <h3>"Example"</h3>
                    <pre class="px-3.5 py-2.5 rounded-md bg-sunken border border-line whitespace-pre-wrap wrap-anywhere"><code class="select-all">{operation.command}</code></pre>
                </div>
            </div>
        </details>
    }
    .into_any()
}

/// A list of members under a heading; without any it renders nothing.
fn members(title: &'static str, members: Vec<Member>) -> Option<AnyView> {
    if members.is_empty() {
        return None;
    }
    Some(view! { <div class="grid gap-1.5"><h3>{title}</h3>{list(members)}</div> }.into_any())
}

fn list(members: Vec<Member>) -> AnyView {
    let members = members.into_iter().map(|member| {
        let needed = member.is_needed.then(|| view! { " " <Badge>"Needed"</Badge> });
        let about = member.about.map(|words| view! { <span class="block">{in_code(&words)}</span> });
        view! {
            <dt class="min-w-0 wrap-anywhere"><code>{member.name}</code>{needed}</dt>
            <dd class="min-w-0 wrap-anywhere max-row:mb-2"><span class="text-ink-3">{member.form}</span>{about}</dd>
        }
    });
    let members = members.collect_view();
    view! {
        <dl class="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)] max-row:grid-cols-1 gap-x-5 gap-y-1.5">{members}</dl>
    }
    .into_any()
}

fn answer(answer: OperationAnswer) -> AnyView {
    let meanings = answer.meanings.into_iter().map(|(problem, words)| {
        let problem = problem.map(|problem| view! { <code class="wrap-anywhere">{problem}</code> " " });
        view! { <p>{problem}<span class="text-ink-2">{words}</span></p> }
    });
    let meanings = meanings.collect_view();
    let members = (!answer.members.is_empty()).then(|| list(answer.members));
    view! {
        <li class="grid grid-cols-[3rem_minmax(0,1fr)] gap-x-3">
            <b class="tabular-nums">{answer.status}</b>
            <div class="grid gap-1.5 min-w-0">{meanings}{members}</div>
        </li>
    }
    .into_any()
}

/// Words with what stands between backticks as code.
fn in_code(words: &str) -> Vec<AnyView> {
    let parts = words.split('`').enumerate().filter(|(_, part)| !part.is_empty());
    let parts = parts.map(|(place, part)| {
        let part = part.to_owned();
        if place % 2 == 1 { view! { <code class="wrap-anywhere">{part}</code> }.into_any() } else { part.into_any() }
    });
    parts.collect()
}
