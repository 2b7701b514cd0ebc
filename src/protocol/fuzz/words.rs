//! Single words and short lists of them: what stands in one parameter or one header.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::*;

fuzzed! {
    /// RFC 6749 §3.3: a set means the same written down, and holds nothing that could leave a header or a list.
    scopes("words.txt") |text| {
        if let Ok(scope) = Scope::parse(text) {
            assert!(is_visible(scope.as_str()) && !scope.as_str().contains(['"', '\\', ' ']) && scope.as_str() == text);
        }
        let Ok(set) = ScopeSet::parse(text) else { return };
        survives(&set);
        assert!(set.to_string().len() <= ScopeSet::MAX_BYTES);
        assert_eq!(ScopeSet::parse(&set.to_string()).unwrap(), set);
        assert!(set.iter().all(|scope| text.contains(scope.as_str())));
    }

    /// OIDC Core §3.1.2.1: `none` is alone.
    prompts("words.txt") |text| {
        let Ok(prompts) = PromptSet::parse(text) else { return };
        survives(&prompts);
        assert!(!prompts.contains(Prompt::None) || prompts.iter().count() == 1);
        assert_eq!(PromptSet::parse(&prompts.to_string()), Ok(prompts));
    }

    /// OIDC Core §3.1.2.1: digits and tags.
    small_words("words.txt") |text| {
        if let Ok(age) = MaxAge::parse(text) {
            survives(&age);
            let number: u64 = text.parse().unwrap();
            assert_eq!(u64::from(age.seconds()), number.min(u32::MAX.into()));
        }
        let locales = ui_locales::parse(text);
        assert!(locales.len() <= 16 && locales.iter().all(|tag| text.contains(tag.as_str()) && is_visible(tag)));
        assert_eq!(ui_locales::parse(&locales.join(" ")), locales);
        if let Ok(mode) = text.parse::<ResponseMode>() {
            assert_eq!(mode.as_str(), text);
        }
        assert_ne!(response_type::default_mode_of_unknown(text), ResponseMode::FormPost);
    }

    /// RFC 7636 §4: a challenge has one spelling, and a verifier meets its own.
    proof_keys("words.txt") |text| {
        if let Ok(challenge) = CodeChallenge::parse(text) {
            survives(&challenge);
            assert_eq!(URL_SAFE_NO_PAD.encode(URL_SAFE_NO_PAD.decode(text).unwrap()), text);
        }
        if let Ok(verifier) = CodeVerifier::parse(text) {
            assert!((43..=128).contains(&text.len()) && is_visible(text));
            assert!(verifier.challenge().verify(&verifier));
            assert!(!format!("{verifier:?}").contains(text));
        }
    }

    /// RFC 6750 §2: one token of its characters; challenges stay one header whatever they quote.
    bearer_tokens("words.txt", "tokens.txt") |text| {
        if let Ok(token) = BearerToken::parse(text) {
            assert!(token.expose() == text && !text.contains([' ', '"', ',']));
            assert!(text.len() < 12 || !format!("{token:?}").contains(text));
            let header = format!("bEaReR  {text}");
            assert_eq!(BearerToken::find(Some(&header), None, None).unwrap().expose(), text);
        }
        let _ = BearerToken::find(Some(text), None, None);
        let error = OAuthError::invalid_request(text.to_owned());
        assert!(error.description().is_none_or(|text| is_visible(text) && text.len() <= OAuthError::MAX_DESCRIPTION_BYTES));
        let challenge = BearerChallenge { realm: text, error: Some(&error), scope: None }.to_string();
        assert!(is_visible(&challenge) && http_quotes_are_closed(&challenge), "{challenge}");
    }
}

/// Whether every quoted string of a header ends.
fn http_quotes_are_closed(header: &str) -> bool {
    let mut chars = header.chars();
    let mut is_open = false;
    while let Some(c) = chars.next() {
        match c {
            '"' => is_open = !is_open,
            '\\' if is_open => drop(chars.next()),
            _ => {}
        }
    }
    !is_open
}
