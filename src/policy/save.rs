//! Saving a text of policies. It counts for nothing until it is activated.

use serde_json::json;

use super::{PolicyScope, engine, engine::PolicyProblem, place, place::Place, store};
use crate::{
    audit::{self, AuditKind},
    authz::Denied,
    core::Ctx,
    error::Internal,
    org::refused,
};

/// Longest comment, characters.
pub const LONGEST_COMMENT: usize = 500;
/// Drafts that are kept.
const MOST_DRAFTS: i64 = 20;

/// Save a text as a new version.
#[derive(Clone, Debug)]
pub struct SavePolicies {
    /// Whose policies.
    pub scope: PolicyScope,
    /// The text, in Cedar.
    pub text: String,
    /// Why, in a few words.
    pub comment: String,
    /// The number of the newest version that the text was thought out for; 0 for none.
    pub newest: i64,
}

/// The text is a version now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedPolicies {
    /// Its number.
    pub number: i64,
    /// What it allows but cannot mean.
    pub warnings: Vec<PolicyProblem>,
}

/// Why a text was not saved.
#[derive(Debug, thiserror::Error)]
pub enum SavePoliciesError {
    /// There is no such organisation, or the actor is no member.
    #[error("there is no such organisation")]
    NotFound,
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The text cannot be read, or speaks of what is not there.
    #[error("the text has mistakes")]
    Mistakes(Vec<PolicyProblem>),
    /// The comment is too long, or has characters that cannot be taken.
    #[error("the comment is too long, or has characters that cannot be taken")]
    Comment,
    /// Somebody else saved a version meanwhile.
    #[error("somebody else saved a version meanwhile")]
    Changed,
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

refused!(SavePoliciesError);

/// Checks a text and saves it as the next version.
///
/// # Errors
/// [`SavePoliciesError`]
pub async fn save_policies(ctx: &Ctx, cmd: SavePolicies) -> Result<SavedPolicies, SavePoliciesError> {
    let place = place::enter(ctx, &cmd.scope).await?;
    let comment = cmd.comment.trim();
    if comment.chars().count() > LONGEST_COMMENT || comment.chars().any(char::is_control) {
        return Err(SavePoliciesError::Comment);
    }
    let checked = check(&place, cmd.text.clone()).await?.map_err(SavePoliciesError::Mistakes)?;
    let (mut tx, place) = place::begin(ctx, &cmd.scope).await?;
    let newest = store::versions(&mut tx, place.key()).await?.first().map_or(0, |version| version.number);
    if newest != cmd.newest {
        return Err(SavePoliciesError::Changed);
    }
    let number = newest + 1;
    let new = store::NewVersion {
        id: ctx.new_id(),
        scope: place.key(),
        organization_id: place.organization_id,
        number,
        text: cmd.text,
        comment: comment.to_owned(),
        created_by: ctx.user().map(|user| user.user_id),
        created_at: ctx.now(),
    };
    if !store::insert(&mut tx, new).await? {
        return Err(SavePoliciesError::Changed);
    }
    store::forget_drafts(&mut tx, place.key(), MOST_DRAFTS).await?;
    let details = json!({ "number": number, "policies": checked.policies, "comment": comment });
    let entry = audit::Entry::new(AuditKind::PoliciesSaved).with_details(details);
    audit::record(&mut tx, ctx, in_place(entry, &place)).await?;
    tx.commit().await?;
    Ok(SavedPolicies { number, warnings: checked.warnings })
}

pub(super) fn in_place<'a>(entry: audit::Entry<'a>, place: &Place) -> audit::Entry<'a> {
    match place.organization_id {
        Some(id) => entry.within(id),
        None => entry,
    }
}

/// A text without mistakes.
pub(super) struct Sound {
    pub(super) compiled: engine::Compiled,
    /// How many policies there are.
    pub(super) policies: usize,
    pub(super) warnings: Vec<PolicyProblem>,
}

/// Checks a text, which takes its time: on a thread of its own.
pub(super) async fn check(place: &Place, text: String) -> Result<Result<Sound, Vec<PolicyProblem>>, Internal> {
    let permissions = place.permissions();
    let check = move || engine::check(&text, permissions.iter().map(String::as_str));
    let checked =
        tokio::task::spawn_blocking(check).await.map_err(|cause| Internal::new("check policies", cause))??;
    Ok(checked.map(|checked| {
        let policies = checked.compiled.policies().len();
        Sound { compiled: checked.compiled, policies, warnings: checked.warnings }
    }))
}
