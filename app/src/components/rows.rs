//! Rows: things with actions. Each says who, what, since when, in two lines.

use leptos::prelude::*;

use super::{Badge, CallerTile, Sign, SignTile};
use crate::model::{DeviceKind, SessionRow, When};

/// A moment: near for people, exact for machines.
#[component]
pub fn Moment(
    /// When.
    when: When,
) -> impl IntoView {
    view! { <time datetime=when.exact title=when.full>{when.text}</time> }
}

/// A table that becomes a list of cards on narrow screens; its cells carry their column as `data-l`.
#[component]
pub fn Table(
    /// What it lists, for those who hear it.
    caption: String,
    /// The columns. One without a name holds what can be done with a row.
    columns: &'static [&'static str],
    /// The rows.
    children: Children,
) -> impl IntoView {
    let heads = columns.iter().map(|column| match *column {
        "" => view! { <span class="sr-only">"Actions"</span> }.into_any(),
        name => name.into_any(),
    });
    let heads = heads.map(|head| view! { <th role="columnheader" scope="col">{head}</th> }).collect_view();
    view! {
        <table class="tbl" role="table">
            <caption class="sr-only">{caption}</caption>
            <thead role="rowgroup">
                <tr role="row">{heads}</tr>
            </thead>
            <tbody role="rowgroup">{children()}</tbody>
        </table>
    }
}

/// What a device looks like, in a tile.
#[component]
pub fn DeviceSign(
    /// Which.
    kind: DeviceKind,
) -> impl IntoView {
    let sign = match kind {
        DeviceKind::Computer => Sign::Computer,
        DeviceKind::Phone => Sign::Phone,
        DeviceKind::Program => Sign::Program,
    };
    view! { <SignTile sign/> }
}

/// One session. The one that reads this page has a brass edge and says so; the others can be ended.
#[component]
pub fn DeviceRow(
    /// Which.
    session: SessionRow,
    /// It is the one that reads this page.
    #[prop(optional)]
    here: bool,
    /// What can be done with it.
    #[prop(optional)]
    children: Option<Children>,
) -> AnyView {
    let class = if here {
        "grid grid-cols-[auto_minmax(0,1fr)_auto] max-row:grid-cols-[auto_minmax(0,1fr)] items-center max-row:items-start gap-x-4 gap-y-1 px-4.5 py-3.5 bg-sunken border-s-4 border-s-brass"
    } else {
        "grid grid-cols-[auto_minmax(0,1fr)_auto] max-row:grid-cols-[auto_minmax(0,1fr)] items-center max-row:items-start gap-x-4 gap-y-1 px-4.5 py-3.5"
    };
    let names = session.applications.iter().map(|a| a.name.clone()).collect::<Vec<_>>().join(", ");
    let tiles = session.applications.into_iter().map(|caller| view! { <CallerTile caller small=true/> }).collect_view();
    let active = if here { None } else { Some(view! { "active " <Moment when=session.active/> " · " }) };
    view! {
        <li class=class>
            <DeviceSign kind=session.kind/>
            <div>
                <p class="font-semibold flex flex-wrap items-center gap-x-2.5 gap-y-1 leading-snug">
                    {session.device}
                    {here.then(|| view! { <Badge class="now plain">"You are here"</Badge> })}
                </p>
                <p class="text-ink-3 text-xs">
                    {session.ip.map(|ip| format!("{ip} · "))} {active} "since " <Moment when=session.since/>
                </p>
                {(!names.is_empty())
                    .then(|| {
                        view! {
                            <p class="flex flex-wrap items-center gap-1.5 mt-1.5 text-ink-3 text-xs">{tiles}<span>{format!("Open in {names}")}</span></p>
                        }
                    })}
            </div>
            {children.map(|c| view! { <div class="flex max-row:col-span-full max-row:mt-1.5 max-row:[--b:var(--color-rim)]">{c()}</div> })}
        </li>
    }
    .into_any()
}
