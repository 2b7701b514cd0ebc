//! Fields: label above, hint below, the error in the hint's place; never a placeholder as a label, never an asterisk.

use leptos::prelude::*;

use super::{Icon, Sign};

pub(super) const FIELD: &str = "grid gap-1.5";
pub(super) const LABEL: &str = "text-sm font-medium";

/// The line below a field: what was wrong, else the hint. The second part is the id that `aria-describedby` names.
pub(crate) fn below(id: &str, hint: Option<String>, error: Option<String>) -> (Option<AnyView>, Option<String>) {
    match (error, hint) {
        (Some(error), _) => {
            let name = format!("{id}-error");
            let line = view! {
                <p class="flex gap-1.5 text-clay text-sm/snug" id=name.clone()>
                    <Icon sign=Sign::Warning class="size-4 mt-0.5"/>
                    <span>{error}</span>
                </p>
            };
            (Some(line.into_any()), Some(name))
        }
        (None, Some(hint)) => {
            let name = format!("{id}-hint");
            (Some(view! { <p class="text-ink-3 text-xs" id=name.clone()>{hint}</p> }.into_any()), Some(name))
        }
        (None, None) => (None, None),
    }
}

/// What stands beside the label of a field that may stay empty.
fn left_out() -> impl IntoView {
    view! { <span class="text-ink-3 font-normal">" – optional"</span> }
}

/// What a field asks for; it decides about keyboard, capitals and spelling.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Asks {
    /// Words.
    #[default]
    Text,
    /// A name that must be exact: no capitals, no spelling help.
    Exact,
    /// An address.
    Email,
    /// A code of digits.
    Code,
    /// A code of letters, compared with another screen.
    Letters,
    /// The address of a page.
    Url,
    /// A number.
    Number,
    /// A telephone number.
    Phone,
    /// A day.
    Date,
}

/// A field of one line.
#[component]
pub fn Field(
    /// Its id and its name in the form.
    id: &'static str,
    /// What is asked.
    label: &'static str,
    /// What it asks for.
    #[prop(optional)]
    kind: Asks,
    /// What password managers and browsers fill in.
    autocomplete: &'static str,
    /// What was typed before.
    #[prop(optional)]
    value: String,
    /// It may stay empty.
    #[prop(optional)]
    optional: bool,
    /// The most characters it takes; 0 sets no limit.
    #[prop(optional)]
    maxlength: u32,
    /// What helps.
    #[prop(optional_no_strip)]
    hint: Option<String>,
    /// What was wrong.
    #[prop(optional_no_strip)]
    error: Option<String>,
    /// The page opens with the cursor here.
    #[prop(optional)]
    autofocus: bool,
) -> AnyView {
    let invalid = error.is_some().then_some("true");
    let (line, described) = below(id, hint, error);
    view! {
        <div class=FIELD>
            <label class=LABEL for=id>
                {label}
                {optional.then(left_out)}
            </label>
            <input
                id=id
                name=id
                type=match kind {
                    Asks::Email => "email",
                    Asks::Phone => "tel",
                    Asks::Date => "date",
                    Asks::Text | Asks::Exact | Asks::Code | Asks::Letters | Asks::Url | Asks::Number => "text",
                }
                autocomplete=autocomplete
                class=(kind == Asks::Letters).then_some("letters font-mono")
                autocapitalize=match kind {
                    Asks::Exact | Asks::Url => Some("none"),
                    Asks::Letters => Some("characters"),
                    Asks::Text | Asks::Email | Asks::Code | Asks::Number | Asks::Phone | Asks::Date => None,
                }
                spellcheck=matches!(kind, Asks::Exact | Asks::Letters | Asks::Url).then_some("false")
                inputmode=match kind {
                    Asks::Code | Asks::Number => Some("numeric"),
                    Asks::Url => Some("url"),
                    Asks::Text | Asks::Exact | Asks::Email | Asks::Letters | Asks::Phone | Asks::Date => None,
                }
                maxlength=(maxlength > 0).then_some(maxlength)
                required=!optional
                value=Some(value).filter(|v| !v.is_empty())
                aria-invalid=invalid
                aria-describedby=described
                autofocus=autofocus
            />
            {line}
        </div>
    }
    .into_any()
}

/// A field of several lines, one thing in each.
#[component]
pub fn Area(
    /// Its id and its name in the form.
    id: &'static str,
    /// What is asked.
    label: &'static str,
    /// What was typed before.
    value: String,
    /// It may stay empty.
    #[prop(optional)]
    optional: bool,
    /// What helps.
    #[prop(optional_no_strip)]
    hint: Option<String>,
    /// What was wrong.
    #[prop(optional_no_strip)]
    error: Option<String>,
    /// The page opens with the cursor here.
    #[prop(optional)]
    autofocus: bool,
) -> AnyView {
    let invalid = error.is_some().then_some("true");
    let (line, described) = below(id, hint, error);
    let rows = value.lines().count().clamp(2, 8);
    view! {
        <div class=FIELD>
            <label class=LABEL for=id>{label} {optional.then(left_out)}</label>
            <textarea
                id=id
                name=id
                rows=rows
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                required=!optional
                aria-invalid=invalid
                aria-describedby=described
                autofocus=autofocus
                inner_html=inside(value)
            ></textarea>
            {line}
        </div>
    }
    .into_any()
}

/// A text for machines, with what is wrong in it, line by line.
#[component]
pub fn Script(
    /// Its id and its name in the form.
    id: &'static str,
    /// What is asked.
    label: &'static str,
    /// What was typed before.
    value: String,
    /// What is wrong in it, each with its place.
    mistakes: Vec<String>,
    /// The page opens with the cursor here.
    #[prop(optional)]
    autofocus: bool,
) -> AnyView {
    let is_wrong = !mistakes.is_empty();
    let described = is_wrong.then(|| format!("{id}-error"));
    let lines = mistakes.into_iter().map(|mistake| view! { <li>{mistake}</li> }).collect_view();
    let rows = value.lines().count().clamp(12, 32);
    view! {
        <div class=FIELD>
            <label class=LABEL for=id>{label}</label>
            {is_wrong.then(|| view! { <ul class="grid gap-1 text-clay text-sm/snug wrap-anywhere" id=format!("{id}-error")>{lines}</ul> })}
            <textarea
                id=id
                name=id
                rows=rows
                class="font-mono text-sm"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                aria-invalid=is_wrong.then_some("true")
                aria-describedby=described
                autofocus=autofocus
                inner_html=inside(value)
            ></textarea>
        </div>
    }
    .into_any()
}

/// Text as it stands in a `<textarea>`. The first line break there is dropped when it is read (HTML §13.2.6.4.7), so it is
/// one of ours.
fn inside(mut text: String) -> String {
    text.insert(0, '\n');
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// One of several, behind a button of its own.
#[component]
pub fn Pick(
    /// Its id and its name in the form.
    id: &'static str,
    /// What is asked.
    label: &'static str,
    /// What may be chosen: the value that is sent, and its words.
    options: Vec<(String, String)>,
    /// More of it, each part under a heading of its own.
    #[prop(optional)]
    groups: Vec<(String, Vec<(String, String)>)>,
    /// The value that is chosen.
    #[prop(into)]
    chosen: String,
    /// What helps.
    #[prop(optional_no_strip)]
    hint: Option<String>,
    /// What was wrong.
    #[prop(optional_no_strip)]
    error: Option<String>,
    /// The page opens with the cursor here.
    #[prop(optional)]
    autofocus: bool,
) -> AnyView {
    let invalid = error.is_some().then_some("true");
    let (line, described) = below(id, hint, error);
    let chosen = chosen.into_boxed_str();
    let option = |(value, words): (String, String)| {
        let selected = *value == *chosen;
        view! { <option value=value selected=selected>{words}</option> }
    };
    let options = options.into_iter().map(option).collect_view();
    let groups = groups.into_iter().map(|(heading, options)| {
        view! { <optgroup label=heading>{options.into_iter().map(option).collect_view()}</optgroup> }
    });
    view! {
        <div class=FIELD>
            <label class=LABEL for=id>{label}</label>
            <select id=id name=id autocomplete="off" aria-invalid=invalid aria-describedby=described autofocus=autofocus>
                {options}
                {groups.collect_view()}
            </select>
            {line}
        </div>
    }
    .into_any()
}

/// A checkbox with its words, as one target.
#[component]
pub fn Check(
    /// Its id and its name in the form; the value is `1`.
    name: &'static str,
    /// Ticked.
    checked: bool,
    /// What helps.
    #[prop(optional_no_strip)]
    hint: Option<String>,
    /// What was wrong.
    #[prop(optional_no_strip)]
    error: Option<String>,
    /// The page opens with the cursor here.
    #[prop(optional)]
    autofocus: bool,
    /// The words.
    children: Children,
) -> impl IntoView {
    let invalid = error.is_some().then_some("true");
    let (line, described) = below(name, hint, error);
    view! {
        <div>
            <label class="flex items-center gap-2.5 min-h-11 cursor-pointer">
                <input id=name type="checkbox" name=name value="1" checked=checked aria-invalid=invalid aria-describedby=described autofocus=autofocus/>
                {children()}
            </label>
            {line}
        </div>
    }
}

/// Some of several.
#[component]
pub fn Checks(
    /// Its id, and the name of each box in the form.
    id: &'static str,
    /// What is asked.
    label: &'static str,
    /// What may be ticked: the value that is sent, its words, and whether it is.
    options: Vec<(String, String, bool)>,
    /// What helps.
    #[prop(optional_no_strip)]
    hint: Option<String>,
    /// What was wrong.
    #[prop(optional_no_strip)]
    error: Option<String>,
    /// The page opens with the cursor here.
    #[prop(optional)]
    autofocus: bool,
) -> AnyView {
    let invalid = error.is_some().then_some("true");
    let (line, described) = below(id, hint, error);
    let boxes = options.into_iter().enumerate().map(|(place, (value, words, checked))| {
        let autofocus = autofocus && place == 0;
        view! {
            <label class="flex items-center gap-2.5 min-h-11 cursor-pointer">
                <input type="checkbox" name=id value=value autocomplete="off" checked=checked aria-invalid=invalid autofocus=autofocus/>
                {words}
            </label>
        }
    });
    view! {
        <fieldset id=id tabindex="-1" class=FIELD aria-describedby=described>
            <legend class=LABEL>{label}</legend>
            <div class="grid grid-cols-[repeat(auto-fill,minmax(min(220px,100%),1fr))] gap-x-5">{boxes.collect_view()}</div>
            {line}
        </fieldset>
    }
    .into_any()
}

/// Something that travels with a form unseen; nothing renders nothing.
#[component]
pub fn Hidden(
    /// Its name in the form.
    name: &'static str,
    /// Its value.
    #[prop(into)]
    value: Option<String>,
) -> impl IntoView {
    value.map(|value| view! { <input type="hidden" name=name value=value/> })
}
