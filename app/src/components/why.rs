//! Why: a path of dots from the role to the result. Each step says what it says; the last is the result.

use leptos::prelude::*;

use super::{Badge, Icon, Sign};
use crate::model::{WhyAnswer, WhySays, WhyStep};

/// The way to an answer.
#[component]
pub fn Why(
    /// The answer.
    answer: WhyAnswer,
) -> AnyView {
    let steps = answer.steps.into_iter().map(step).collect_view();
    let (class, sign, result) =
        if answer.allowed { ("good", Sign::Tick, "Allowed.") } else { ("bad", Sign::Stop, "Refused.") };
    view! {
        <ol class="grid">
            {steps}
            <li class=format!("{class} grid grid-cols-[22px_minmax(0,1fr)] gap-x-3.5 -mx-4 px-4 py-3 rounded-md bg-(--soft)")>
                <Icon sign class="size-5 text-(--tint)"/>
                <p class="min-w-0 wrap-anywhere"><b>{result}</b> " " {answer.because}</p>
            </li>
        </ol>
    }
    .into_any()
}

fn step(step: WhyStep) -> AnyView {
    let (sign, class, word) = match step.says {
        WhySays::Allows => (Sign::Tick, "good", "Allows"),
        WhySays::Silent => (Sign::Info, "plain", "Silent"),
        WhySays::Denies => (Sign::Stop, "bad", "Denies"),
    };
    let tint = if step.says == WhySays::Silent { "size-5 text-ink-3" } else { "size-5 text-(--tint)" };
    view! {
        <li class=format!("{class} grid grid-cols-[22px_minmax(0,1fr)_auto] gap-x-3.5 pb-4.5 items-start")>
            <Icon sign class=tint/>
            <div class="min-w-0 wrap-anywhere">
                <p>{step.words}</p>
                {(!step.small.is_empty()).then(|| view! { <p class="text-ink-3 text-xs">{step.small}</p> })}
            </div>
            <Badge class>{word}</Badge>
        </li>
    }
    .into_any()
}
