//! The way here, above the head of a page.

use leptos::prelude::*;

/// The page above this one, and this one.
#[component]
pub fn Crumb(
    /// Where the page above is.
    href: String,
    /// What it is called.
    above: &'static str,
    /// What this one is called.
    here: String,
) -> AnyView {
    view! {
        <nav aria-label="Breadcrumb">
            <ol class="flex flex-wrap items-center gap-x-2 text-sm text-ink-3">
                <li><a class="inline-flex items-center min-h-6 text-inherit" href=href>{above}</a></li>
                <li class="min-w-0 wrap-anywhere"><span aria-hidden="true">"/ "</span>{here}</li>
            </ol>
        </nav>
    }
    .into_any()
}
