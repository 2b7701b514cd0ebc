//! Passkeys.

use ostiary_app::model::{
    Flash, PasskeyKind, PasskeyNameProblem, PasskeyOfferPage, PasskeyProblem, PasskeyRow, PasskeySignal, PasskeysPage,
    PasskeysState, RemovePasskeyPage, RenamePasskeyPage,
};

use super::{Samples, account::room, interaction, text, when};

fn key(id: &str, name: &str, maker: Option<&'static str>, kind: PasskeyKind) -> PasskeyRow {
    PasskeyRow {
        id: text(id),
        name: text(name),
        maker,
        kind,
        added: when("2024-03-03T10:00:00Z", "3 March 2024"),
        used: Some(when("2026-11-21T14:02:00Z", "today 14:02 UTC")),
        copied: None,
    }
}

pub(super) fn passkeys(samples: &mut Samples) {
    let phone = key("0198a7f3", "Work phone", Some("Google Password Manager"), PasskeyKind::Manager);
    let blue = PasskeyRow {
        used: None,
        ..key("0198a7f4", "Blue key on the key ring", Some("YubiKey 5 NFC"), PasskeyKind::SecurityKey)
    };
    let copied = PasskeyRow {
        copied: Some(when("2026-11-18T14:02:00Z", "18 November")),
        ..key("0198a7f5", &"Unbreakable".repeat(5), None, PasskeyKind::Unknown)
    };
    let signal = PasskeySignal {
        rp_id: text("localhost"),
        user_handle: text("AAAA"),
        credential_ids: vec![text("AQ"), text("Ag")],
    };
    let page = PasskeysPage {
        room: room(Some(Flash::PasskeyRenamed)),
        keys: vec![
            key("0198a7f2", "MacBook Air", Some("iCloud Keychain"), PasskeyKind::Manager),
            key("0198a7f6", "Desk", Some("Windows Hello"), PasskeyKind::Device),
            phone.clone(),
            blue,
            copied,
        ],
        state: PasskeysState::Open,
        signal: Some(signal),
        problem: None,
    };
    samples.add("passkeys", page.clone());
    samples.add("passkeys-none", PasskeysPage { room: room(None), keys: vec![], ..page.clone() });
    samples.add("passkeys-stale", PasskeysPage { room: room(None), state: PasskeysState::Stale, ..page.clone() });
    samples.add(
        "passkeys-unavailable",
        PasskeysPage {
            room: room(None),
            keys: vec![],
            state: PasskeysState::Unavailable,
            signal: None,
            ..page.clone()
        },
    );
    for (name, problem) in [
        ("passkeys-expired", PasskeyProblem::Expired),
        ("passkeys-refused", PasskeyProblem::Refused),
        ("passkeys-known", PasskeyProblem::Known),
        ("passkeys-full", PasskeyProblem::Full),
        ("passkeys-limited", PasskeyProblem::Held { seconds: 40 }),
    ] {
        samples.add(name, PasskeysPage { room: room(None), problem: Some(problem), ..page.clone() });
    }
    let rename = RenamePasskeyPage { id: phone.id.clone(), name: phone.name.clone(), typed: None, problem: None };
    samples.add("rename-passkey", rename.clone());
    for (name, typed, problem) in [
        ("rename-passkey-missing", String::new(), PasskeyNameProblem::Missing),
        ("rename-passkey-long", "Unbreakable".repeat(6), PasskeyNameProblem::TooLong),
        ("rename-passkey-malformed", text("Work\u{202E}phone"), PasskeyNameProblem::Malformed),
    ] {
        samples.add(name, RenamePasskeyPage { typed: Some(typed), problem: Some(problem), ..rename.clone() });
    }
    let remove = RemovePasskeyPage { key: phone, others: 1, has_password: true, is_stale: false };
    samples.add("remove-passkey", remove.clone());
    samples.add("remove-passkey-only", RemovePasskeyPage { others: 0, ..remove.clone() });
    samples.add("remove-passkey-last", RemovePasskeyPage { others: 0, has_password: false, ..remove.clone() });
    samples.add("remove-passkey-stale", RemovePasskeyPage { is_stale: true, ..remove });
    let offer = PasskeyOfferPage { interaction: Some(interaction()), ..PasskeyOfferPage::default() };
    samples.add("offer-passkey", offer.clone());
    samples.add("offer-passkey-refused", PasskeyOfferPage { problem: Some(PasskeyProblem::Refused), ..offer });
}
