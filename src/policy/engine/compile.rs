//! From the text of policies to a set that can be asked. Slow: never on the way of a question.

use std::{collections::HashMap, ops::Range};

use cedar_policy::{Effect, Policy, PolicyId, PolicySet, ValidationMode, Validator};
use miette::Diagnostic;
use serde::{Deserialize, Serialize};

use super::schema;
use crate::error::Internal;

/// Longest text of one set, bytes.
pub const LONGEST_TEXT: usize = 32 * 1024;
/// Most policies in one set.
pub const MOST_POLICIES: usize = 200;
/// Longest `@id`, characters.
const LONGEST_ID: usize = 100;
/// Longest `@description`, characters.
const LONGEST_DESCRIPTION: usize = 500;
/// How deep brackets may lie in each other, and how many `if` one text may have: the parser follows each with its stack, of
/// which it does not see the end.
const DEEPEST: usize = 24;
/// See [`DEEPEST`].
const MOST_IFS: usize = 50;
/// Most problems that are named at once.
const MOST_PROBLEMS: usize = 50;

/// What a policy is known by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyName {
    /// Its `@id`, unique in its set.
    pub id: String,
    /// Its `@description`.
    pub description: Option<String>,
    /// Whether it is a `forbid`; else it is a `permit`.
    pub forbids: bool,
    /// The line it begins at, the first being 1.
    pub line: usize,
}

/// Something wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyProblem {
    /// The `@id` of the policy it is in, when that much could be read.
    pub policy: Option<String>,
    /// Where, the first line being 1; none when it is about the whole text.
    pub line: Option<usize>,
    /// Where in the line, the first character being 1.
    pub column: Option<usize>,
    /// What.
    pub message: String,
    /// What would help.
    pub help: Option<String>,
}

/// Policies that were read and can be asked.
#[derive(Debug)]
pub struct Compiled {
    pub(super) set: PolicySet,
    pub(super) names: HashMap<PolicyId, PolicyName>,
}

impl Compiled {
    /// What its policies are known by, in the order of the text.
    pub fn policies(&self) -> Vec<&PolicyName> {
        let mut names: Vec<_> = self.names.values().collect();
        names.sort_by_key(|name| name.line);
        names
    }
}

/// A text that was read and checked.
#[derive(Debug)]
pub struct Checked {
    /// What can be asked.
    pub compiled: Compiled,
    /// What is allowed but cannot be meant: a policy that never applies.
    pub warnings: Vec<PolicyProblem>,
}

/// Reads a text that was checked when it was saved. The catalogue may have changed since then: a policy about a permission
/// that is no more applies to nothing, and does not make the others fail.
///
/// # Errors
/// Everything that is wrong.
pub fn compile(text: &str) -> Result<Compiled, Vec<PolicyProblem>> {
    let problem = |message: String| vec![PolicyProblem { policy: None, line: None, column: None, message, help: None }];
    if text.len() > LONGEST_TEXT {
        return Err(problem(format!("The text is longer than {} KiB", LONGEST_TEXT / 1024)));
    }
    if let Some(offset) = text.find('\0') {
        return Err(vec![at(text, None, Some(offset), "There is a NUL character in the text".to_owned(), None)]);
    }
    if let Err(offset) = bounded(text) {
        let message =
            format!("Brackets lie more than {DEEPEST} deep in each other, or there are more than {MOST_IFS} “if”");
        return Err(vec![at(text, None, Some(offset), message, None)]);
    }
    let set: PolicySet = text.parse().map_err(|errors: cedar_policy::ParseErrors| {
        errors.iter().take(MOST_PROBLEMS).map(|error| diagnosed(text, None, error)).collect::<Vec<_>>()
    })?;
    if set.num_of_templates() > 0 {
        return Err(problem("There are slots (?principal or ?resource): name whom and what is meant".to_owned()));
    }
    if set.num_of_policies() > MOST_POLICIES {
        return Err(problem(format!("There are more than {MOST_POLICIES} policies")));
    }
    let names = names(text, &set)?;
    Ok(Compiled { set, names })
}

/// Whether brackets and `if` keep to their bounds; else where they leave them. What stands in strings and comments does
/// not count.
fn bounded(text: &str) -> Result<(), usize> {
    let (mut depth, mut ifs) = (0_usize, 0_usize);
    let mut word = String::new();
    let mut rest = text.char_indices().peekable();
    while let Some((offset, c)) = rest.next() {
        match c {
            '"' => while rest.next().is_some_and(|(_, c)| c != '"' && (c != '\\' || rest.next().is_some())) {},
            '/' if rest.peek().is_some_and(|(_, next)| *next == '/') => {
                while rest.next_if(|(_, c)| !matches!(c, '\n' | '\r')).is_some() {}
            }
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if c.is_alphanumeric() || c == '_' {
            word.push(c);
        } else {
            ifs += usize::from(word == "if");
            word.clear();
        }
        if depth > DEEPEST || ifs > MOST_IFS {
            return Err(offset);
        }
    }
    Ok(())
}

/// Reads a text and checks it against the schema with these permissions as its actions.
///
/// # Errors
/// [`Internal`] when the schema cannot be made, and within it everything that is wrong with the text.
pub fn check<'a>(
    text: &str,
    permissions: impl IntoIterator<Item = &'a str>,
) -> Result<Result<Checked, Vec<PolicyProblem>>, Internal> {
    let compiled = match compile(text) {
        Ok(compiled) => compiled,
        Err(problems) => return Ok(Err(problems)),
    };
    let validator = Validator::new(schema::with_actions(permissions)?);
    let found = validator.validate(&compiled.set, ValidationMode::Strict);
    let named = |id: &PolicyId| compiled.names.get(id).cloned();
    let errors = found.validation_errors().map(|error| diagnosed(text, named(error.policy_id()), error));
    let errors = in_order(errors.collect());
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    let warnings = found.validation_warnings().map(|warning| diagnosed(text, named(warning.policy_id()), warning));
    let warnings = in_order(warnings.collect());
    Ok(Ok(Checked { compiled, warnings }))
}

/// By place in the text, each once: the checker repeats itself for every action that a policy is about.
fn in_order(mut problems: Vec<PolicyProblem>) -> Vec<PolicyProblem> {
    problems.sort_by(|a, b| (a.line, a.column, &a.message).cmp(&(b.line, b.column, &b.message)));
    problems.dedup();
    problems.truncate(MOST_PROBLEMS);
    problems
}

/// Finds what each policy is known by.
fn names(text: &str, set: &PolicySet) -> Result<HashMap<PolicyId, PolicyName>, Vec<PolicyProblem>> {
    let mut names = HashMap::new();
    let mut lines_by_id: HashMap<String, usize> = HashMap::new();
    let mut problems = Vec::new();
    for (place, policy) in in_text(text, set) {
        let mut wrong =
            |message: String| problems.push(at(text, None, place.as_ref().map(|at| at.start), message, None));
        let Some(id) = policy.annotation("id").filter(|id| is_name(id, LONGEST_ID)) else {
            wrong(format!("Each policy needs an @id(\"…\") of 1 to {LONGEST_ID} characters in one line"));
            continue;
        };
        let description = policy.annotation("description").filter(|text| !text.is_empty());
        if description.is_some_and(|text| !is_name(text, LONGEST_DESCRIPTION)) {
            wrong(format!("A @description has at most {LONGEST_DESCRIPTION} characters in one line"));
            continue;
        }
        let line = place.as_ref().map_or(1, |at| position(text, at.start).0);
        if let Some(first) = lines_by_id.insert(id.to_owned(), line) {
            wrong(format!("The policy at line {first} has the same @id"));
            continue;
        }
        let forbids = policy.effect() == Effect::Forbid;
        let name = PolicyName { id: id.to_owned(), description: description.map(str::to_owned), forbids, line };
        names.insert(policy.id().clone(), name);
    }
    if problems.is_empty() { Ok(names) } else { Err(in_order(problems)) }
}

/// The policies in the order of the text, each with its place there. The parser numbers them as it reads them.
fn in_text<'a>(text: &str, set: &'a PolicySet) -> Vec<(Option<Range<usize>>, &'a Policy)> {
    let number = |policy: &&Policy| {
        let digits = policy.id().to_string();
        digits.trim_start_matches(|c: char| !c.is_ascii_digit()).parse::<usize>().unwrap_or(usize::MAX)
    };
    let mut policies: Vec<&Policy> = set.policies().collect();
    policies.sort_by_key(number);
    let mut from = 0;
    let place = |policy: &'a Policy| {
        let source = policy.to_cedar()?;
        let start = from + text.get(from..)?.find(&source)?;
        from = start + source.len();
        Some(start..from)
    };
    let places: Vec<_> = policies.iter().copied().map(place).collect();
    places.into_iter().zip(policies).collect()
}

fn is_name(text: &str, longest: usize) -> bool {
    !text.trim().is_empty() && text.chars().count() <= longest && !text.chars().any(char::is_control)
}

/// What the library says, at the first place it points to.
fn diagnosed(text: &str, policy: Option<PolicyName>, cause: &impl Diagnostic) -> PolicyProblem {
    let label = cause.labels().and_then(|mut labels| labels.next());
    let offset = label.as_ref().map(miette::LabeledSpan::offset);
    let said = cause.to_string();
    // The library names a policy by its number, which nobody has given it.
    let said = match said.strip_prefix("for policy `").and_then(|rest| rest.split_once("`, ")) {
        Some((_, rest)) => rest.to_owned(),
        None => said,
    };
    let message = match label.as_ref().and_then(miette::LabeledSpan::label) {
        Some(label) if !label.is_empty() => format!("{said}: {label}"),
        Some(_) | None => said,
    };
    let help = cause.help().map(|help| help.to_string());
    let line = policy.as_ref().map(|name| name.line);
    let mut problem = at(text, policy.map(|name| name.id), offset, message, help);
    problem.line = problem.line.or(line);
    problem
}

fn at(
    text: &str,
    policy: Option<String>,
    offset: Option<usize>,
    message: String,
    help: Option<String>,
) -> PolicyProblem {
    let place = offset.map(|offset| position(text, offset));
    let (line, column) = place.unzip();
    PolicyProblem { policy, line, column, message, help }
}

/// Line and column of a byte in the text, both beginning with 1; columns count characters.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}
