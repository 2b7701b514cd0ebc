//! The document around a page.
//!
//! Pages are rendered at once and never hydrated, so the document carries no script of Leptos', none of its markers and no inline style:
//! the content security policy allows neither.

use leptos::prelude::*;

use crate::assets;
use crate::model::{Site, Theme};
use crate::pages::{Page, Setting};

/// The complete HTML document of `page`.
pub fn render(site: &Site, page: impl Page) -> String {
    let owner = Owner::new();
    let html = owner.with(|| document(site, page).to_html());
    owner.cleanup();
    // Leptos separates neighbouring texts for hydration. Text and attributes are escaped, so this can be nothing else.
    html.replace("<!>", "")
}

fn document(site: &Site, page: impl Page) -> impl IntoView {
    let title = page.title(site);
    let title = if page.failed() { format!("Error: {title}") } else { title };
    let theme = match site.theme() {
        Theme::System => None,
        Theme::Light => Some("light"),
        Theme::Dark => Some("dark"),
    };
    let body = match page.setting() {
        Setting::Door => "door min-h-dvh grid grid-rows-[auto_1fr_auto] grid-cols-[minmax(0,1fr)]",
        Setting::ShutDoor => "door shut min-h-dvh grid grid-rows-[auto_1fr_auto] grid-cols-[minmax(0,1fr)]",
        Setting::Book => "min-h-dvh",
        Setting::Room => "min-h-dvh grid grid-cols-[258px_minmax(0,1fr)] max-side:block",
    };
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <title>{title}</title>
                <link rel="stylesheet" href=assets::url(site, "app.css")/>
                <link rel="icon" type="image/svg+xml" href=site.to("/favicon.svg")/>
                <script type="module" src=assets::url(site, "app.js")></script>
            </head>
            <body class=body>{page.view(site)}</body>
        </html>
    }
}
