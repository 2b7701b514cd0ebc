//! A state in one to three words.

use leptos::prelude::*;

/// A badge; the word carries the meaning, the tint only helps.
#[component]
pub fn Badge(
    /// `plain`, `good`, `look`, `info`, `bad`; add `now` for the lamp of "this is you".
    #[prop(default = "plain")]
    class: &'static str,
    /// The words.
    children: Children,
) -> impl IntoView {
    let class = format!(
        "{class} inline-flex items-center gap-1.5 px-2 rounded-full border border-(--rule) bg-(--soft) text-(--tint) text-xs/snug font-medium whitespace-nowrap"
    );
    view! { <span class=class>{children()}</span> }
}
