//! What somebody needs who is about to sign in (B4, B5).

use super::{Button, Letter, date, from};
use crate::{clock::Timestamp, config::Config, text::EmailAddress};

/// The code stands in the text, not in the subject: locked screens show subjects.
pub(super) fn code(
    config: &Config,
    house: &str,
    hello: &str,
    code: &str,
    expires_at: Timestamp,
    device: Option<&str>,
) -> Letter {
    Letter {
        subject: format!("Your code to sign in to {house}"),
        preview: format!("It works once, until {}.", date(expires_at)),
        title: "Your code",
        before: vec![format!("{hello} somebody typed your password{} and is asked for this code.", from(device))],
        button: None,
        code: Some(code.to_owned()),
        after: vec![
            format!("It works once, until {}, and only where it was asked for.", date(expires_at)),
            format!("Not you? Then somebody knows your password. Choose a new one: {}", config.url("/forgot-password")),
        ],
        small: "Type the code on our page and nowhere else. We never ask for it by phone or chat.".to_owned(),
    }
}

/// As with all codes: not in the subject.
pub(super) fn link(
    house: &str,
    hello: &str,
    to: &EmailAddress,
    (link, code): (&str, &str),
    expires_at: Timestamp,
    device: Option<&str>,
) -> Letter {
    Letter {
        subject: format!("Sign in to {house}"),
        preview: format!("Link and code work once, until {}.", date(expires_at)),
        title: "Sign in",
        before: vec![format!("{hello} somebody, perhaps you, wants to sign in as {to}{}.", from(device))],
        button: Some(Button { label: "Sign in", text: "Open this link to sign in", link: link.to_owned() }),
        code: Some(code.to_owned()),
        after: vec![format!(
            "Either the link or the code works, once, until {}. The code goes into the page that asked for it.",
            date(expires_at)
        )],
        small: "Not you? Then do nothing: without this mail nobody gets in.".to_owned(),
    }
}
