//! Passwords: pasting is allowed, nothing is cut off, and a new one names every rule.

use leptos::prelude::*;

use super::field::{FIELD, LABEL, below};
use crate::model::{PasswordRule, RuleState};

/// A password field with a button that shows it, where scripts run.
#[component]
pub fn PasswordField(
    /// Its id and its name in the form.
    id: &'static str,
    /// What is asked.
    label: &'static str,
    /// `current-password` or `new-password`.
    autocomplete: &'static str,
    /// Rules that stand below it.
    #[prop(optional)]
    rules: Vec<PasswordRule>,
    /// What was wrong.
    #[prop(optional_no_strip)]
    error: Option<String>,
    /// The page opens with the cursor here.
    #[prop(optional)]
    autofocus: bool,
) -> AnyView {
    let invalid = error.is_some().then_some("true");
    let (line, described) = below(id, None, error);
    let (rules, described) = if rules.is_empty() {
        (None, described)
    } else {
        let described = described.map_or_else(|| "rules".to_owned(), |d| format!("{d} rules"));
        let lines = rules.into_iter().map(|rule| {
            let class = match rule.state {
                RuleState::Open => None,
                RuleState::Met => Some("met"),
                RuleState::Missing => Some("missing"),
            };
            view! { <li class=class>{rule.words()}</li> }
        });
        (Some(view! { <ul class="rules" id="rules">{lines.collect_view()}</ul> }), Some(described))
    };
    view! {
        <div class=format!("{FIELD} relative")>
            <label class=format!("{LABEL} pr-16") for=id>{label}</label>
            <input
                id=id
                name=id
                type="password"
                autocomplete=autocomplete
                required
                aria-invalid=invalid
                aria-describedby=described
                autofocus=autofocus
            />
            // It stands beside the label, but Tab comes to it after the field: names and passwords are typed in one go.
            <button class="needs-script absolute -top-2 -right-1 py-2 px-1 text-xs text-door underline underline-offset-[0.2em]" type="button" data-reveal=id>
                "Show"<span class="sr-only">" "{label}</span>
            </button>
            {line}
            {rules}
        </div>
    }
    .into_any()
}

/// A new password and the same once more.
#[component]
pub fn NewPassword(
    /// What the first is called.
    #[prop(default = "Password")]
    label: &'static str,
    /// Every rule of the policy.
    rules: Vec<PasswordRule>,
    /// What was wrong with the first.
    #[prop(optional_no_strip)]
    error: Option<String>,
    /// What was wrong with the second.
    #[prop(optional_no_strip)]
    again_error: Option<String>,
    /// The field, of these two, where the page opens.
    #[prop(optional_no_strip)]
    focus: Option<&'static str>,
) -> impl IntoView {
    view! {
        <PasswordField id="password" label autocomplete="new-password" rules error autofocus=focus == Some("password")/>
        <PasswordField id="again" label="Once more" autocomplete="new-password" error=again_error autofocus=focus == Some("again")/>
    }
}
