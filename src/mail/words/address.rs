//! Mails about e-mail addresses: confirming one (A4), and having another (A9). The new address is in none that goes to the old
//! one: whoever asked chose it.

use super::{Button, Letter, date};
use crate::{clock::Timestamp, config::Config, text::EmailAddress};

pub(super) fn verify(
    house: &str,
    hello: &str,
    to: &EmailAddress,
    link: &str,
    code: &str,
    expires_at: Timestamp,
) -> Letter {
    Letter {
        subject: format!("Confirm your address for {house}"),
        preview: format!("Your code is {code}. It works once, until {}.", date(expires_at)),
        title: "Confirm your address",
        before: vec![format!("{hello} you are making an account with {to}. Confirm the address and you can sign in.")],
        button: Some(Button { label: "Confirm address", text: "Open this link", link: link.to_owned() }),
        code: Some(code.to_owned()),
        after: vec![format!("Both work once, until {}.", date(expires_at))],
        small: "Not you? Then do nothing: without this step the account cannot be used, and it is removed after a \
                few days. We never ask for a code by phone or chat."
            .to_owned(),
    }
}

pub(super) fn taken(config: &Config, house: &str, hello: &str, to: &EmailAddress) -> Letter {
    Letter {
        subject: format!("You have an account at {house} already"),
        preview: "Somebody, perhaps you, registered this address again.".to_owned(),
        title: "You have an account already",
        before: vec![
            format!("{hello} somebody, perhaps you, has just tried to make an account with {to}."),
            "There is one already, so nothing was changed. If it was you, sign in as always; if the password \
             slipped your mind, ask for a new one on that page."
                .to_owned(),
        ],
        button: Some(Button { label: "Sign in", text: "Sign in here", link: config.url("/sign-in") }),
        code: None,
        after: Vec::new(),
        small: "Not you? Then do nothing: your account and your password are as they were.".to_owned(),
    }
}

pub(super) fn prove(
    house: &str,
    hello: &str,
    to: &EmailAddress,
    link: &str,
    code: &str,
    expires_at: Timestamp,
) -> Letter {
    Letter {
        subject: format!("Confirm your new address for {house}"),
        preview: format!("Your code is {code}. It works once, until {}.", date(expires_at)),
        title: "Confirm your new address",
        before: vec![format!(
            "{hello} an account at {house} is to have {to} as its address. Confirm it where you are signed in."
        )],
        button: Some(Button { label: "Confirm address", text: "Open this link", link: link.to_owned() }),
        code: Some(code.to_owned()),
        after: vec![format!("Both work once, until {}.", date(expires_at))],
        small: "Not you? Then do nothing: without this step nothing changes. We never ask for a code by phone or chat."
            .to_owned(),
    }
}

pub(super) fn in_use(config: &Config, house: &str, hello: &str, to: &EmailAddress) -> Letter {
    Letter {
        subject: format!("Your address at {house} was asked for"),
        preview: "Somebody, perhaps you, wanted it for another account.".to_owned(),
        title: "Your address was asked for",
        before: vec![
            format!("{hello} somebody, perhaps you, wanted {to} to be the address of another account."),
            "It belongs to yours, so nothing was changed.".to_owned(),
        ],
        button: Some(Button { label: "Sign in", text: "Sign in here", link: config.url("/sign-in") }),
        code: None,
        after: Vec::new(),
        small: "Not you? Then do nothing: your account and your password are as they were.".to_owned(),
    }
}

pub(super) fn asked(house: &str, somebody: &str, to: &EmailAddress, link: &str, expires_at: Timestamp) -> Letter {
    undoable(
        format!("Another address was asked for at {house}"),
        "Another address was asked for",
        format!("{somebody} who was signed in as you asked for another address in the place of {to}."),
        "Nothing changes until the other address is confirmed. If it was you, there is nothing to do here.",
        link,
        expires_at,
    )
}

pub(super) fn changed(house: &str, account: &str, to: &EmailAddress, link: &str, expires_at: Timestamp) -> Letter {
    undoable(
        format!("Your address at {house} was changed"),
        "Your address was changed",
        format!("{account} that had {to} got another address, which was confirmed."),
        "Mails go there from now on, and all other sessions ended. If it was you, there is nothing to do.",
        link,
        expires_at,
    )
}

fn undoable(
    subject: String,
    title: &'static str,
    what: String,
    then: &str,
    link: &str,
    expires_at: Timestamp,
) -> Letter {
    Letter {
        subject,
        preview: "If it was you, there is nothing to do.".to_owned(),
        title,
        before: vec![what, then.to_owned()],
        button: Some(Button {
            label: "It was not me",
            text: "If it was not you, undo it and lock others out",
            link: link.to_owned(),
        }),
        code: None,
        after: vec![format!("The link works once, until {}.", date(expires_at))],
        small: "It brings this address back, ends every session, and lets you choose a new password.".to_owned(),
    }
}
