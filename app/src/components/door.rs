//! The door: the family of sign-in pages, refusals and confirmations. One panel, one decision.

use leptos::prelude::*;

use super::{ButtonLink, Kind, Mark, Sign, SignTile};
use crate::model::Site;

/// What a door page holds.
pub struct Door {
    /// What stands in the panel, in the order of the page.
    pub panel: AnyView,
    /// One line below the sill.
    pub foot: Option<AnyView>,
    /// 520 px instead of 432, for lists.
    pub wide: bool,
}

/// A door page: lintel with the name of the house, the panel, the sill, the line of who keeps it.
pub fn door(site: &Site, door: Door) -> AnyView {
    let links = site.links();
    let links = [("Help", &links.help), ("Privacy", &links.privacy), ("Terms", &links.terms)]
        .into_iter()
        .filter_map(|(name, url)| {
            url.clone()
                .map(|url| view! { <a class="inline-flex items-center min-h-8 text-inherit" href=url>{name}</a> })
        })
        .collect_view();
    view! {
        <header class="px-7 py-3.5 max-door:px-4.5 max-door:py-2.5 text-sm">
            <a class="inline-flex items-center gap-2.5 min-h-11 font-semibold text-ink no-underline" href=site.to("/")>
                <Mark size=28/>
                {site.name().to_owned()}
            </a>
        </header>
        <main class=if door.wide { "porch mid" } else { "porch" }>
            <div class="panel">{door.panel}</div>
            <div class="sill"></div>
            {door.foot.map(|foot| view! { <p class="pt-4.5 text-center text-sm text-ink-2">{foot}</p> })}
        </main>
        <footer class="flex flex-wrap justify-center items-center gap-x-5 px-5 pt-2.5 pb-3.5 text-xs text-ink-3">
            <span>"Kept by Ostiary"</span>
            {links}
        </footer>
    }
    .into_any()
}

/// What stands in a panel whose link no longer works.
#[component]
pub fn Dead(
    /// The heading.
    title: &'static str,
    /// What happened and what to do.
    #[prop(into)]
    words: String,
    /// Where the way on leads, and what it is called.
    way_on: (String, &'static str),
) -> impl IntoView {
    view! {
        <SignTile sign=Sign::Clock/>
        <div class="grid gap-2"><h1>{title}</h1><p class="text-ink-2">{words}</p></div>
        <div class="flex max-door:grid"><ButtonLink href=way_on.0 kind=Kind::Primary>{way_on.1}</ButtonLink></div>
    }
}
