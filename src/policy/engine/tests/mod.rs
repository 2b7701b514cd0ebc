//! E8: what policies can say, what is refused, and who wins.

mod asked;
mod texts;
mod who_wins;

use std::sync::Arc;

use super::*;
use crate::{
    clock::Timestamp,
    id::{OrganizationId, UserId},
};

/// The permissions of the catalogue in these tests.
pub(super) const PERMISSIONS: [&str; 4] = ["org:read", "servers:read", "servers:restart", "invoices:pay"];

pub(super) fn organization(number: u128) -> OrganizationId {
    uuid::Uuid::from_u128(number).into()
}

/// A text without anything wrong.
pub(super) fn sound(text: &str) -> Arc<Compiled> {
    match check(text, PERMISSIONS).unwrap() {
        Ok(checked) => Arc::new(checked.compiled),
        Err(problems) => panic!("{problems:#?}"),
    }
}

/// What is wrong with a text.
pub(super) fn problems(text: &str) -> Vec<PolicyProblem> {
    check(text, PERMISSIONS).unwrap().err().unwrap_or_default()
}

/// May an operator of organisation 1 restart `node-3`, on a Monday at 17:05?
pub(super) fn question(verdict: Verdict) -> Question {
    let role = |id: &str, name: &str| RoleName { id: id.to_owned(), name: name.to_owned() };
    Question {
        organization: organization(1),
        subject: Subject { id: UserId::from(uuid::Uuid::from_u128(7)), properties: Properties::default() },
        action: "servers:restart".to_owned(),
        resource: Resource {
            kind: "server".to_owned(),
            id: Some("node-3".to_owned()),
            is_foreign: false,
            properties: Properties::default(),
        },
        standing: Standing {
            verdict,
            roles: vec![role("r-operator", "operator"), role("r-viewer", "viewer")],
            permissions: vec!["servers:*".to_owned()],
        },
        circumstances: Circumstances {
            now: Timestamp::from_secs(1_796_058_300),
            ip: Some([192, 0, 2, 44].into()),
            amr: vec!["pwd".to_owned(), "otp".to_owned(), "mfa".to_owned()],
            acr: None,
            properties: Properties::default(),
        },
    }
}

pub(super) fn properties(value: &serde_json::Value) -> Properties {
    Properties::read(value.as_object().unwrap()).unwrap()
}

/// The policies of an instance alone.
pub(super) fn of_instance(text: &str) -> Policies {
    Policies { instance: Some(sound(text)), organization: None }
}
