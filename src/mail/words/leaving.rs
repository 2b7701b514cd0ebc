//! Mails about leaving (A10).

use super::{Button, Letter, date, or_shut_out};
use crate::{clock::Timestamp, config::Config};

pub(super) fn deactivated(house: &str, what: &str, link: &str, expires_at: Timestamp) -> Letter {
    Letter {
        subject: format!("Your account at {house} is deactivated"),
        preview: "Nothing is deleted. The link in this mail opens it again.".to_owned(),
        title: "Your account is deactivated",
        before: vec![
            what.to_owned(),
            "You are signed out everywhere, and nobody can sign in. Nothing is deleted. Keep this mail: its link opens \
             the account again."
                .to_owned(),
        ],
        button: Some(Button { label: "Come back", text: "Open this link to come back", link: link.to_owned() }),
        code: None,
        after: vec![format!("The link works once, until {}.", date(expires_at))],
        small: "Not you? Open the link, sign in and choose a new password: somebody was signed in as you.".to_owned(),
    }
}

pub(super) fn scheduled(config: &Config, house: &str, what: &str, erase_at: Timestamp, not_me: &str) -> Letter {
    Letter {
        subject: format!("Your account at {house} will be erased"),
        preview: format!("That happens on {}. Until then you can keep it.", date(erase_at)),
        title: "Your account will be erased",
        before: vec![
            what.to_owned(),
            format!(
                "You are signed out everywhere. On {} the account is erased, and nobody can bring it back.",
                date(erase_at)
            ),
        ],
        button: Some(Button {
            label: "Sign in to keep it",
            text: "To keep the account, sign in and say so",
            link: config.url("/account/data"),
        }),
        code: None,
        after: vec![or_shut_out(not_me)],
        small: "After that, sign in and keep the account: shutting somebody out does not by itself keep it.".to_owned(),
    }
}

pub(super) fn deleted(house: &str, what: &str, erase_at: Timestamp) -> Letter {
    Letter {
        subject: format!("Your account at {house} was deleted"),
        preview: format!("On {} it is erased for good.", date(erase_at)),
        title: "Your account was deleted",
        before: vec![
            format!("{what} by those who look after {house}."),
            format!(
                "You are signed out everywhere, and nobody can sign in. On {} the account is erased. Until then it can be \
                 brought back: write to those who look after {house}.",
                date(erase_at)
            ),
        ],
        button: None,
        code: None,
        after: Vec::new(),
        small: "You need not do anything.".to_owned(),
    }
}
