//! Two parsers of other rooms that read what strangers write just the same.

use serde_json::{Map, Value};

use super::fuzz;
use crate::client::{ClientMetadata, ClientSettings, Speaker, parse_document};
use crate::config::RegistrationPolicy;
use crate::grant::decoupled::UserCode;

fuzzed! {
    /// RFC 8628 §6.1: eight letters, however they are typed; written down, the same again.
    user_codes("codes.txt", "words.txt") |text| {
        let Some(code) = UserCode::parse(text) else { return };
        let shown = code.to_string();
        let letters: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
        assert_eq!(shown.replace('-', ""), letters.to_ascii_uppercase());
        assert!(shown.len() == 9 && text.len() <= 64 && !shown.contains(['A', 'E', 'I', 'O', 'U', 'Y']), "{shown}");
        for again in [shown.clone(), shown.to_ascii_lowercase(), letters] {
            assert_eq!(UserCode::parse(&again).as_ref(), Some(&code));
        }
        assert_eq!(format!("{code:?}"), "UserCode(…)");
    }

    /// draft-ietf-oauth-client-id-metadata-document §4, RFC 7591 §2: what a document says is what it means when it is written
    /// down and read again; it brings no secret, and nothing that only operators say.
    client_documents("documents.txt") |text| {
        const ID: &str = "https://app.example/client.json";

        let Ok(document) = serde_json::from_str::<Value>(text) else { return };
        let Ok((name, settings)) = parse_document(ID, &document, &RegistrationPolicy::default()) else { return };
        assert_eq!(document["client_id"], ID);
        assert!(!name.is_empty() && document.get("client_secret").is_none() && !settings.has_secret());
        assert_eq!(settings.check(), Ok(()));
        let usual = ClientSettings::default();
        assert!(!settings.first_party && settings.profile.is_none() && settings.assertion_issuers.is_empty());
        assert_eq!((&settings.token_exchange, &settings.audiences), (&usual.token_exchange, &usual.audiences));
        let written = ClientMetadata::write(&name, &settings, Speaker::Client);
        let again = ClientMetadata::read_with(&written, &Map::new()).unwrap_or_else(|error| panic!("{error}: {written:?}"));
        assert_eq!(again.settings, settings, "{written:?}");
        assert_eq!(again.name.map(String::from), Some(name));
    }
}
