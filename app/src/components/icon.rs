//! Icons and the mark.

use leptos::prelude::*;

/// What an icon shows. Strokes on a 20 grid, in the colour of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// Yes, done.
    Tick,
    /// Something is wrong.
    Warning,
    /// For your information.
    Info,
    /// Look here, in time.
    Clock,
    /// Kept away.
    Lock,
    /// Refused.
    Stop,
    /// A letter.
    Mail,
    /// A computer.
    Computer,
    /// A phone.
    Phone,
    /// A program.
    Program,
    /// The overview.
    Home,
    /// Open the menu.
    Menu,
    /// Out through the door.
    Leave,
    /// Applications.
    Applications,
    /// What the person let in.
    Grid,
    /// A person.
    Person,
    /// What happened.
    Pulse,
    /// What protects the account.
    Shield,
    /// An app that makes codes.
    Authenticator,
    /// A sheet with codes.
    Sheet,
    /// On to the next.
    Onward,
    /// Save.
    Save,
    /// A passkey: a person and a key.
    Passkey,
    /// A key to plug in.
    Key,
    /// Several people.
    People,
    /// A table: what each role may do.
    Table,
    /// What something is set to.
    Sliders,
    /// Turn to another.
    Turn,
    /// One more.
    Plus,
}

impl Sign {
    fn strokes(self) -> &'static str {
        match self {
            Self::Tick => r#"<path d="m4.5 10.5 3.7 3.7 7.3-8.2"/>"#,
            Self::Warning => r#"<path d="M10 3.2 18 17H2zM10 8v4M10 14.5v.1"/>"#,
            Self::Info => r#"<circle cx="10" cy="10" r="7.2"/><path d="M10 9.3v4.2M10 6.5v.1"/>"#,
            Self::Clock => r#"<circle cx="10" cy="10" r="7.2"/><path d="M10 6v4.2l2.8 1.8"/>"#,
            Self::Lock => {
                r#"<rect x="4" y="9" width="12" height="8" rx="2"/><path d="M6.8 9V6.5a3.2 3.2 0 0 1 6.4 0V9"/>"#
            }
            Self::Stop => r#"<circle cx="10" cy="10" r="7.2"/><path d="m5 5 10 10"/>"#,
            Self::Mail => r#"<rect x="2.8" y="4.5" width="14.4" height="11" rx="2"/><path d="m3.5 6 6.5 5 6.5-5"/>"#,
            Self::Computer => r#"<rect x="4" y="4" width="12" height="8.5" rx="1.5"/><path d="M2.5 15.5h15"/>"#,
            Self::Phone => r#"<rect x="5.5" y="2.5" width="9" height="15" rx="2"/><path d="M9 14.8h2"/>"#,
            Self::Program => {
                r#"<rect x="2.8" y="4" width="14.4" height="12" rx="2"/><path d="m6 8 2.5 2L6 12M10.5 12.5H14"/>"#
            }
            Self::Home => r#"<path d="M3.5 9 10 3.5 16.5 9v7.5h-4.5v-4.5h-4v4.5H3.5z"/>"#,
            Self::Grid => {
                r#"<rect x="3.5" y="3.5" width="5" height="5" rx="1.2"/><rect x="11.5" y="3.5" width="5" height="5" rx="1.2"/><rect x="3.5" y="11.5" width="5" height="5" rx="1.2"/><rect x="11.5" y="11.5" width="5" height="5" rx="1.2"/>"#
            }
            Self::Person => {
                r#"<circle cx="10" cy="6.8" r="3.3"/><path d="M3.8 16.8c.4-3.4 2.7-5.2 6.2-5.2s5.8 1.8 6.2 5.2"/>"#
            }
            Self::Pulse => r#"<path d="M2.8 10.5h3l2.2-6 4 11 2.2-5h3"/>"#,
            Self::Menu => r#"<path d="M3 6h14M3 10h14M3 14h14"/>"#,
            Self::Leave => r#"<path d="M8 3.5H4.5v13H8M12.5 6.5 16 10l-3.5 3.5M16 10H8"/>"#,
            Self::Shield => r#"<path d="M10 2.8 16 5v5c0 3.6-2.3 6-6 7.3C6.3 16 4 13.6 4 10V5z"/>"#,
            Self::Authenticator => {
                r#"<rect x="5.5" y="2.5" width="9" height="15" rx="2"/><path d="M8 6h4M8 8.5h4M9 14.8h2"/>"#
            }
            Self::Sheet => r#"<path d="M5 2.8h7l3.2 3.2v11.2H5z"/><path d="M7.5 8h5M7.5 11h5M7.5 14h3"/>"#,
            Self::Onward => r#"<path d="m7.5 4.5 5.5 5.5-5.5 5.5"/>"#,
            Self::Save => r#"<path d="M10 3.5v9M6 9l4 4 4-4M3.5 16.5h13"/>"#,
            Self::Passkey => {
                r#"<circle cx="8" cy="6.2" r="3.2"/><path d="M2.8 16.8c.3-3.2 2.3-5 5.2-5 .9 0 1.7.2 2.4.5"/><circle cx="14.5" cy="11.3" r="2.3"/><path d="M14.5 13.6v4l1.6-1.3M14.5 15.3h1.5"/>"#
            }
            Self::Key => r#"<circle cx="7" cy="13" r="3.5"/><path d="m9.6 10.4 6.9-6.9M13.5 6.5l2.2 2.2"/>"#,
            Self::People => {
                r#"<circle cx="7.5" cy="7" r="2.8"/><path d="M2.5 16.2c.2-3 2-4.7 5-4.7s4.8 1.7 5 4.7M13 4.5a2.8 2.8 0 0 1 0 5.2M14.5 12c1.8.6 2.8 2 3 4.2"/>"#
            }
            Self::Table => r#"<path d="M3 3h14v14H3zM3 8h14M3 12.7h14M8 3v14"/>"#,
            Self::Sliders => {
                r#"<path d="M3 6h7M14 6h3M3 14h3M10 14h7"/><circle cx="12" cy="6" r="2"/><circle cx="8" cy="14" r="2"/>"#
            }
            Self::Turn => r#"<path d="m6.5 8 3.5-3.5L13.5 8M6.5 12l3.5 3.5 3.5-3.5"/>"#,
            Self::Plus => r#"<path d="M10 4v12M4 10h12"/>"#,
            Self::Applications => {
                r#"<path d="m10 2.8 6.5 3.6v7.2L10 17.2l-6.5-3.6V6.4zM3.5 6.4 10 10l6.5-3.6M10 10v7.2"/>"#
            }
        }
    }
}

/// An icon beside text; it is hidden from assistive technology, for the text says it.
#[component]
pub fn Icon(
    /// What it shows.
    sign: Sign,
    /// Utilities besides its own class.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let class = if class.is_empty() { "i".to_owned() } else { format!("i {class}") };
    view! { <svg class=class viewBox="0 0 20 20" aria-hidden="true" inner_html=sign.strokes()></svg> }
}

/// An icon in a tile.
#[component]
pub fn SignTile(
    /// What it shows.
    sign: Sign,
) -> impl IntoView {
    view! { <span class="size-11 rounded-[12px] grid place-items-center flex-none bg-raised border border-line text-ink-2"><Icon sign/></span> }
}

/// The mark: arch, open leaf, lit gap, threshold. From 16 px, never repainted.
#[component]
pub fn Mark(
    /// Width and height in px.
    size: u16,
) -> impl IntoView {
    view! {
        <svg width=size height=size viewBox="0 0 32 32" aria-hidden="true">
            <path fill="var(--color-brass)" d="M6 27V14a10 10 0 0 1 20 0v13z"/>
            <path fill="var(--color-leaf)" d="M6 27V14A10 10 0 0 1 16 4l3.5 4v22z"/>
            <circle fill="var(--color-brass)" cx="16.3" cy="18.5" r="1.5"/>
            <path stroke="var(--color-ink)" stroke-width="2" stroke-linecap="round" d="M2.5 27H6m14 0h9.5"/>
        </svg>
    }
}
