//! Buttons: one primary a page; what ends something is outlined first and filled only where it is confirmed.

use leptos::prelude::*;

/// What a button is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// The one action of the page.
    Primary,
    /// Beside it.
    #[default]
    Second,
    /// In rows and heads.
    Quiet,
    /// Ends something, on the confirmation page.
    Danger,
    /// Leads to a confirmation page.
    DangerLine,
    /// The same, in a row.
    QuietClay,
}

impl Kind {
    fn class(self, wide: bool) -> String {
        let kind = match self {
            Self::Primary => "primary",
            Self::Second => "second",
            Self::Quiet => "quiet",
            Self::Danger => "danger",
            Self::DangerLine => "danger-line",
            Self::QuietClay => "quiet-clay",
        };
        if wide { format!("btn {kind} w-full") } else { format!("btn {kind}") }
    }
}

/// A button that sends its form.
#[component]
pub fn Button(
    /// What it is for.
    #[prop(optional)]
    kind: Kind,
    /// As wide as its place.
    #[prop(optional)]
    wide: bool,
    /// Name and value it sends.
    #[prop(optional, into)]
    sends: Option<(&'static str, &'static str)>,
    /// A verb first.
    children: Children,
) -> impl IntoView {
    let (name, value) = sends.unzip();
    view! { <button class=kind.class(wide) type="submit" name=name value=value>{children()}</button> }
}

/// A link that looks like a button: it leads somewhere and changes nothing.
#[component]
pub fn ButtonLink(
    /// Where it leads.
    href: String,
    /// What it is for.
    #[prop(optional)]
    kind: Kind,
    /// As wide as its place.
    #[prop(optional)]
    wide: bool,
    /// What it is called where its words alone do not say it.
    #[prop(optional, into)]
    label: Option<String>,
    /// With scripts the page goes there by itself once it is loaded whole.
    #[prop(optional)]
    onward: bool,
    /// A verb first.
    children: Children,
) -> impl IntoView {
    let onward = onward.then_some("loaded");
    view! { <a class=kind.class(wide) href=href aria-label=label data-onward=onward>{children()}</a> }
}
