//! People are round initials, applications are tiles with a logo or initials.

use leptos::prelude::*;

use crate::model::{Caller, Person, initials, tint_of};

const TINTS: [&str; 4] = ["good", "look", "info", "bad"];

fn tint(id: &str) -> &'static str {
    TINTS.get(usize::from(tint_of(id))).copied().unwrap_or("good")
}

/// How large a face or tile is.
fn sized(large: bool, small: bool) -> &'static str {
    match (large, small) {
        (true, _) => "size-13 text-lg",
        (_, true) => "size-6 text-[0.625rem]",
        _ => "size-9 text-xs",
    }
}

/// A person's initials.
#[component]
pub fn Face(
    /// Whose.
    person: Person,
    /// 52 px instead of 36.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let class = format!(
        "{} {} grid place-items-center flex-none rounded-full border border-(--rule) bg-(--soft) text-(--tint) font-semibold",
        tint(&person.id),
        sized(large, false)
    );
    view! { <span class=class aria-hidden="true">{initials(person.called())}</span> }
}

/// An organisation's initials, in a square.
#[component]
pub fn OrganizationTile(
    /// Its id; only the tint depends on it.
    id: String,
    /// Its name.
    name: String,
) -> impl IntoView {
    let class = format!(
        "{} size-9 rounded-sm text-xs grid place-items-center flex-none border border-(--rule) bg-(--soft) text-(--tint) font-semibold",
        tint(&id)
    );
    view! { <span class=class aria-hidden="true">{initials(&name)}</span> }
}

/// An application's logo, or its initials.
#[component]
pub fn CallerTile(
    /// Whose.
    caller: Caller,
    /// 52 px instead of 44.
    #[prop(optional)]
    large: bool,
    /// 24 px.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    let size = match (large, small) {
        (true, _) => "size-13 rounded-[15px] text-lg",
        (_, true) => "size-6 rounded-[7px] text-[0.625rem]",
        _ => "size-11 rounded-[12px] text-md",
    };
    if let Some(logo) = caller.logo {
        return view! { <img class=format!("{size} flex-none border border-line bg-raised") src=logo alt=""/> }
            .into_any();
    }
    let class = format!(
        "{} {size} grid place-items-center flex-none border border-(--rule) bg-(--soft) text-(--tint) font-semibold",
        tint(&caller.id)
    );
    view! { <span class=class aria-hidden="true">{initials(&caller.name)}</span> }.into_any()
}

/// Who calls: tile, name, where it lives.
#[component]
pub fn CallerHead(
    /// The application; nothing renders nothing.
    caller: Option<Caller>,
) -> AnyView {
    caller
        .map(|caller| {
            let (name, domain) = (caller.name.clone(), caller.domain.clone());
            view! {
                <div class="flex items-center gap-3 leading-snug">
                    <CallerTile caller/>
                    <div class="min-w-0 wrap-anywhere">
                        <b class="block">{name}</b>
                        {domain.map(|d| view! { <span class="text-ink-3 text-xs">{d}</span> })}
                    </div>
                </div>
            }
        })
        .into_any()
}

/// Who is asked: face, name, address, and a way to be somebody else.
#[component]
pub fn Who(
    /// The person.
    person: Person,
    /// What stands at the end of the line.
    #[prop(optional)]
    children: Option<Children>,
) -> AnyView {
    let (name, email) = (person.called().to_owned(), person.email.clone());
    let second = (name != email).then(|| view! { <span class="block text-ink-3 text-xs">{email}</span> });
    view! {
        <div class="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2 rounded-md bg-sunken border border-line text-sm/snug">
            <Face person/>
            <span class="flex-[1_1_160px] min-w-0 wrap-anywhere"><b>{name}</b>{second}</span>
            {children.map(|c| c())}
        </div>
    }
    .into_any()
}
