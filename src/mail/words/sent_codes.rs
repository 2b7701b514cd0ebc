//! What is said about codes that are sent, and about telephone numbers (A9, B4, B9).

use super::{Letter, changed};
use crate::factor::Channel;

/// Codes were turned on or off; `when` begins with "for", and the address.
pub(super) fn set(not_me: String, house: &str, hello: &str, when: &str, channel: Channel, on: bool) -> Letter {
    let (what, title, then) = match (channel, on) {
        (Channel::Email, true) => (
            "by e-mail",
            "Codes by e-mail are on",
            "Signing in with the password now asks for a code that we send to this address.",
        ),
        (Channel::Sms, true) => (
            "by SMS",
            "Codes by SMS are on",
            "Signing in with the password now asks for a code that we send to the number of the account.",
        ),
        (Channel::Email, false) => ("by e-mail", "Codes by e-mail are off", OFF),
        (Channel::Sms, false) => ("by SMS", "Codes by SMS are off", OFF),
    };
    let word = if on { "on" } else { "off" };
    changed(
        not_me,
        format!("Codes {what} were turned {word} at {house}"),
        title,
        format!("{hello} codes {what} were turned {word} {when}."),
        then,
    )
}

const OFF: &str = "Signing in sends no such codes any more. Unless you have another second step, the password alone \
                   opens the account now.";

/// The number of an account is another one, or none any more; `who` ends with the account.
pub(super) fn phone(not_me: String, house: &str, who: &str, ending: Option<&str>) -> Letter {
    match ending {
        Some(ending) => changed(
            not_me,
            format!("The phone number of your account at {house} was changed"),
            "Your phone number was changed",
            format!("{who} got the number that ends in {ending}. It was confirmed by a code."),
            "If codes by SMS are on, they go to this number from now on. The session in which it was changed goes on; \
             all others ended.",
        ),
        None => changed(
            not_me,
            format!("The phone number of your account at {house} was removed"),
            "Your phone number was removed",
            format!("{who} has no phone number any more."),
            "If codes by SMS were on, they are off now. The session in which it was removed goes on; all others ended.",
        ),
    }
}
