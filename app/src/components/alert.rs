//! Messages stand in the page, above what they speak of. Nothing floats, nothing leaves by itself.

use leptos::prelude::*;

use super::{Icon, Sign};
use crate::model::{Flash, Hold, Problem, capital, first_sentence, in_short, number};

/// What a message means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// For your information.
    Info,
    /// Done.
    Good,
    /// Look here.
    Look,
    /// Wrong.
    Bad,
}

impl Tone {
    fn parts(self) -> (&'static str, Sign) {
        match self {
            Self::Info => ("info", Sign::Info),
            Self::Good => ("good", Sign::Tick),
            Self::Look => ("look", Sign::Clock),
            Self::Bad => ("bad", Sign::Warning),
        }
    }
}

const BOX: &str =
    "grid grid-cols-[20px_minmax(0,1fr)] gap-x-3 px-4 py-3 rounded-md bg-(--soft) border border-(--rule) text-sm";

/// A message with a heading.
#[component]
pub fn Alert(
    /// What it means.
    tone: Tone,
    /// `status` for news of what was done, `alert` for what went wrong.
    #[prop(optional, into)]
    role: Option<&'static str>,
    /// It takes the focus when the page opens.
    #[prop(optional)]
    focus: bool,
    /// Its heading.
    #[prop(into)]
    title: String,
    /// What else there is to say.
    #[prop(optional)]
    children: Option<Children>,
) -> AnyView {
    let (class, sign) = tone.parts();
    view! {
        <div class=format!("{class} {BOX}") role=role tabindex=focus.then_some("-1") autofocus=focus>
            <Icon sign class="mt-px text-(--tint)"/>
            <div class="grid gap-0.5">
                <h2 class="text-base/snug">{title}</h2>
                {children.map(|c| c())}
            </div>
        </div>
    }
    .into_any()
}

/// What was done before this page, at its top.
#[component]
pub fn FlashNote(
    /// What was done; nothing renders nothing.
    flash: Option<Flash>,
) -> impl IntoView {
    flash.map(|flash| {
        let (title, more) = flash.words();
        let tone = if flash.is_good() { Tone::Good } else { Tone::Info };
        view! { <Alert tone role="status" title>{more.map(|m| view! { <p>{m}</p> })}</Alert> }
    })
}

/// The summary of everything that was wrong with a form; each line leads to its field. It renders nothing when nothing was wrong, and takes
/// the focus when no field can.
#[component]
pub fn ErrorSummary<P: Problem + 'static>(
    /// Its heading when one thing is wrong.
    title: &'static str,
    /// What was wrong.
    problems: Vec<P>,
    /// A last sentence.
    #[prop(optional_no_strip)]
    note: Option<AnyView>,
) -> impl IntoView {
    let focus = problems.iter().all(|p| p.field().is_none());
    let line = |field: Option<&str>, words: String| match field {
        Some(field) => view! { <a href=format!("#{field}")>{words}</a> }.into_any(),
        None => words.into_any(),
    };
    let count = problems.len();
    let mut lines = problems.into_iter().map(|problem| {
        let (field, words) = (problem.field(), problem.words());
        match (count, field) {
            // The field says the whole of it; the summary need not repeat it.
            (1, Some(_)) => line(field, format!("{}.", first_sentence(&words))),
            (1, None) => line(field, words),
            _ => view! { <li>{line(field, in_short(&problem))}</li> }.into_any(),
        }
    });
    let (title, lines) = match count {
        0 => return None,
        1 => (title.to_owned(), view! { <p>{lines.next()} " " {note}</p> }.into_any()),
        _ => (
            format!("{} things need another look", capital(&number(count))),
            view! { <ul>{lines.collect_view()}</ul> {note} }.into_any(),
        ),
    };
    Some(view! { <Alert tone=Tone::Bad role="alert" focus title>{lines}</Alert> })
}

/// Why something that works otherwise does not now, on a page with nothing to put right.
#[component]
pub fn Held(
    /// What is as it was.
    title: &'static str,
    /// Why; nothing renders nothing.
    hold: Option<Hold>,
) -> impl IntoView {
    hold.map(|hold| view! { <Alert tone=Tone::Bad role="alert" focus=true title><p>{hold.words()}</p></Alert> })
}
