//! A QR code, drawn by the server.

use leptos::prelude::*;

use crate::model::QrCode;

/// Dark on white in both themes: cameras expect it so.
#[component]
pub fn QrPicture(
    /// What to draw.
    code: QrCode,
    /// What it holds.
    label: &'static str,
) -> impl IntoView {
    let size = code.size;
    view! {
        <svg class="size-[196px] rounded-md border border-line" viewBox=format!("0 0 {size} {size}") role="img" aria-label=label shape-rendering="crispEdges">
            <rect width=size height=size fill="#fff"/>
            <path d=code.path fill="#000"/>
        </svg>
    }
}
