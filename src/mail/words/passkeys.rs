//! Mails about passkeys (B1, B9).

use super::{Button, Letter};
use crate::config::Config;

/// "a passkey in iCloud Keychain": names of makers are of our table.
pub(super) fn called(maker: Option<&str>) -> String {
    maker.map_or_else(|| "a passkey".to_owned(), |maker| format!("a passkey ({maker})"))
}

pub(super) fn copied(config: &Config, house: &str, what: String) -> Letter {
    Letter {
        subject: format!("A copy of a passkey was refused at {house}"),
        preview: "It counts its uses, and the count went back. Nobody got in.".to_owned(),
        title: "A copy of a passkey was refused",
        before: vec![
            what,
            "The passkey counts its uses, and the count went back: two of it are in use. Nobody got in.".to_owned(),
        ],
        button: Some(Button {
            label: "See your passkeys",
            text: "Remove the passkey, and add a new one if you still use it",
            link: config.url("/account/passkeys"),
        }),
        code: None,
        after: Vec::new(),
        small: "Once may be a fault of the key. If you do not know of a copy, remove the passkey.".to_owned(),
    }
}
