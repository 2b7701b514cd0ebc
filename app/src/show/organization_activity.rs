//! What happened in an organisation (H1).

use std::collections::BTreeMap;

use axum::response::Response;
use ostiary::{
    audit::{AuditKind, ListActivity, OrganizationLine},
    clock::Timestamp,
    id::UserId,
    org,
};

use super::{
    AskedQuery, asked,
    organizations::{Inside, NamedPath, enter_for, named, refuse},
    people::when,
};
use crate::{
    model::{EventBy, OrganizationActivityPage, OrganizationEvent, OrganizationPlace, capital},
    ssr::{Visit, respond},
};

/// So many events stand on one page.
const PAGE: u32 = 25;

/// `GET /organizations/{organization}/activity?after=`
pub(crate) async fn activity(visit: Visit, path: NamedPath, query: AskedQuery) -> Response {
    let entered = enter_for(&visit, &named(path).organization, OrganizationPlace::Activity).await;
    let Inside { room, seat, at } = match entered {
        Ok(inside) => inside,
        Err(instead) => return instead,
    };
    let after = asked(query).after.and_then(|after| after.parse().ok());
    let cmd = ListActivity { after, limit: PAGE };
    match org::list_activity(&visit.ctx, &seat.organization.id.into(), cmd).await {
        Ok(found) => {
            let now = visit.ctx.now();
            let page = OrganizationActivityPage {
                room,
                organization: at,
                events: found.lines.into_iter().map(|line| event(&line, &found.names, now)).collect(),
                is_later: after.is_some(),
                next: found.next.map(|next| next.to_string()),
            };
            respond::page(&visit, page)
        }
        Err(refused) => refuse(&visit, refused),
    }
}

fn event(line: &OrganizationLine, names: &BTreeMap<UserId, String>, now: Timestamp) -> OrganizationEvent {
    let name = |id: UserId| names.get(&id).cloned();
    let by = match line.by {
        Some(by) if Some(by) == line.about => EventBy::Themselves,
        Some(by) => name(by).map_or(EventBy::Gone, EventBy::Person),
        None if line.is_by_house => EventBy::House,
        None => EventBy::Operator,
    };
    OrganizationEvent {
        when: when(line.at, now),
        what: what(line.kind),
        about: line.about.map(|about| name(about).unwrap_or_else(|| "Somebody whose account is gone".to_owned())),
        by,
        more: more(line.kind, &line.details),
    }
}

/// What happened, in words. Kinds of other rooms are told by their names.
fn what(kind: AuditKind) -> String {
    let words = match kind {
        AuditKind::OrganizationCreated => "Organisation founded",
        AuditKind::OrganizationUpdated => "Organisation changed",
        AuditKind::OrganizationDeleted => "Organisation deleted",
        AuditKind::OrganizationRestored => "Organisation brought back",
        AuditKind::MfaPolicyChanged => "What signing in asks for changed",
        AuditKind::MemberInvited => "Invited somebody",
        AuditKind::InvitationResent => "Invitation sent again",
        AuditKind::InvitationWithdrawn => "Invitation taken back",
        AuditKind::InvitationAccepted => "Invitation accepted",
        AuditKind::InvitationRejected => "Invitation declined",
        AuditKind::InvitationExpired => "Invitation not answered in time",
        AuditKind::MemberJoined => "Joined",
        AuditKind::MemberLeft => "Left",
        AuditKind::MemberRemoved => "Removed",
        AuditKind::MemberRoleChanged => "Given another role",
        AuditKind::OwnershipTransferred => "Ownership handed over",
        AuditKind::PermissionGranted => "Permission granted",
        AuditKind::PermissionDenied => "Permission denied",
        AuditKind::PermissionEntryRemoved => "Grant or denial withdrawn",
        AuditKind::RoleCreated => "Role made",
        AuditKind::RoleUpdated => "Role changed",
        AuditKind::RoleDeleted => "Role deleted",
        other => return capital(&other.as_str().replace('_', " ")),
    };
    words.to_owned()
}

/// What a line says besides.
fn more(kind: AuditKind, details: &serde_json::Value) -> Option<String> {
    let text = |name: &str| details.get(name).and_then(serde_json::Value::as_str);
    match kind {
        AuditKind::MemberRoleChanged => Some(format!("from {} to {}", text("from")?, text("to")?)),
        AuditKind::PermissionGranted | AuditKind::PermissionDenied | AuditKind::PermissionEntryRemoved => {
            text("permission").map(str::to_owned)
        }
        _ => text("name").or_else(|| text("slug")).map(str::to_owned),
    }
}
