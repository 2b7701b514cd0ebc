//! A choice between ways, and how far one is on a way of several pages.

use leptos::prelude::*;

use super::{Icon, Sign, SignTile};

/// A whole row that leads on: what, and a small line about it.
#[component]
pub fn Choice(
    /// Where it leads.
    href: String,
    /// Its tile.
    sign: Sign,
    /// What it is.
    what: &'static str,
    /// What else there is to say.
    #[prop(into)]
    small: String,
    /// It was taken last time.
    #[prop(optional)]
    last: bool,
) -> impl IntoView {
    let class = if last {
        "grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3.5 min-h-15 px-3.5 py-2.5 rounded-md border border-door-line bg-door-soft text-inherit no-underline hover:border-door"
    } else {
        "grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3.5 min-h-15 px-3.5 py-2.5 rounded-md border border-line bg-surface text-inherit no-underline hover:border-door hover:bg-door-soft"
    };
    view! {
        <li>
            <a class=class href=href>
                <SignTile sign/>
                <span class="leading-snug"><b class="block">{what}</b><span class="block text-ink-3 text-xs">{small}</span></span>
                <Icon sign=Sign::Onward class="size-4.5 text-ink-3"/>
            </a>
        </li>
    }
}

/// How far one is: three or four words over a bar.
#[component]
pub fn StepBar(
    /// What the way leads to.
    label: &'static str,
    /// Its pages.
    steps: &'static [&'static str],
    /// Which of them this is, from 0.
    at: usize,
) -> impl IntoView {
    let steps = steps.iter().enumerate().map(|(n, step)| {
        let class = match n.cmp(&at) {
            std::cmp::Ordering::Less => "flex-1 pt-2 border-t-3 border-door-line",
            std::cmp::Ordering::Equal => "flex-1 pt-2 border-t-3 border-door text-ink font-medium",
            std::cmp::Ordering::Greater => "flex-1 pt-2 border-t-3 border-line",
        };
        view! { <li class=class aria-current=(n == at).then_some("step")>{*step}</li> }
    });
    view! { <ol class="flex gap-1.5 text-xs text-ink-3" aria-label=label>{steps.collect_view()}</ol> }
}
