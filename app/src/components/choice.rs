//! A choice between ways, and how far one is on a way of several pages.

use leptos::prelude::*;

use super::{Icon, Sign, SignTile};

/// What stands in a row that leads on.
#[derive(Debug, Clone, Copy)]
pub struct ChoiceRow<'a> {
    /// Its tile.
    pub sign: Sign,
    /// What it is.
    pub what: &'static str,
    /// A small line about it.
    pub small: &'a str,
    /// It was taken last time.
    pub last: bool,
}

impl ChoiceRow<'_> {
    const fn class(&self) -> &'static str {
        if self.last {
            "w-full text-start grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3.5 min-h-15 px-3.5 py-2.5 rounded-md border border-door-line bg-door-soft text-inherit no-underline hover:border-door"
        } else {
            "w-full text-start grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3.5 min-h-15 px-3.5 py-2.5 rounded-md border border-line bg-surface text-inherit no-underline hover:border-door hover:bg-door-soft"
        }
    }

    fn inside(self) -> impl IntoView + use<> {
        let small = self.small.to_owned();
        view! {
            <SignTile sign=self.sign/>
            <span class="leading-snug"><b class="block">{self.what}</b><span class="block text-ink-3 text-xs wrap-anywhere">{small}</span></span>
            <Icon sign=Sign::Onward class="size-4.5 text-ink-3"/>
        }
    }

    /// A whole row that leads on to `href`.
    pub fn link(self, href: String) -> impl IntoView + use<> {
        view! { <li><a class=self.class() href=href>{self.inside()}</a></li> }
    }

    /// A whole row that does something: the button of a form to `action`, which also sends `hidden`.
    pub fn button(self, action: String, hidden: AnyView) -> impl IntoView + use<> {
        view! {
            <li><form method="post" action=action>{hidden}<button class=self.class() type="submit">{self.inside()}</button></form></li>
        }
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
