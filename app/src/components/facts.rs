//! What is so: names and values side by side, and what is shown once.

use leptos::prelude::*;

use crate::model::Fact;

/// A card of facts; without any it renders nothing.
#[component]
pub fn Facts(
    /// The id of its heading.
    id: &'static str,
    /// Its heading.
    title: &'static str,
    /// The facts.
    facts: Vec<Fact>,
) -> Option<AnyView> {
    if facts.is_empty() {
        return None;
    }
    let facts = facts.into_iter().map(|fact| {
        let codes = fact.codes.into_iter().map(|code| view! { <code class="block">{code}</code> });
        view! {
            <div class="grid grid-cols-[130px_minmax(0,1fr)] max-row:grid-cols-1 gap-x-5">
                <dt class="text-ink-3">{fact.name}</dt>
                <dd class="min-w-0 wrap-anywhere">{fact.words} {codes.collect_view()}</dd>
            </div>
        }
    });
    Some(
        view! {
            <section class="grid gap-3.5 content-start min-w-0 px-5.5 py-5 max-row:px-4.5 border border-line rounded-lg" aria-labelledby=id>
                <h2 id=id>{title}</h2>
                <dl class="grid gap-2.5 text-sm">{facts.collect_view()}</dl>
            </section>
        }
        .into_any(),
    )
}

/// A secret that is shown this once; one press selects all of it.
#[component]
pub fn SecretOnce(
    /// The secret.
    secret: String,
) -> impl IntoView {
    view! {
        <p class="look mt-2 px-3.5 py-2.5 rounded-md bg-(--soft) border border-(--rule) text-sm wrap-anywhere">
            <code class="select-all">{secret}</code>
        </p>
    }
}
