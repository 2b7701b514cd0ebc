//! The organisation that everybody has for themselves (E1): made when they first sign in.

use super::{
    create_organization::{Founding, found},
    organization::Slug,
    people_store, store,
};
use crate::{core::Ctx, db::Tx, error::Internal, id::UserId, text::DisplayName};

/// Makes the personal organisation of somebody who signs in for the first time, and prefers it. Whoever has one already, or
/// chose another, is left alone.
pub(crate) async fn ensure_personal(tx: &mut Tx, ctx: &Ctx, user_id: UserId) -> Result<(), Internal> {
    if !ctx.config().organizations.personal {
        return Ok(());
    }
    let Some(newcomer) = people_store::without_place(tx, user_id).await? else { return Ok(()) };
    // What others see of them; never a part of their address.
    let named = newcomer.username;
    let called = newcomer.display_name.or_else(|| named.clone());
    let name = called.as_ref().and_then(|called| DisplayName::try_from(called.as_str()).ok());
    let Some(name) = name.or_else(|| DisplayName::try_from("Personal").ok()) else { return Ok(()) };
    let slug = named.or(called).and_then(|text| Slug::from_name(&text));
    let founding = Founding { name, slug, owner: user_id, is_personal: true, tries: 4 };
    if let Some(created) = found(tx, ctx, founding).await? {
        store::prefer(tx, user_id, Some(created.id)).await?;
    }
    Ok(())
}
