//! `ui_locales` (OIDC Core §3.1.2.1): the languages the person may prefer, best first. A wish, so it
//! is never a reason to refuse: what does not look like a BCP 47 tag is passed over.

/// Most tags kept.
const MAX_TAGS: usize = 16;

/// The tags of a space-separated list that look like BCP 47 (RFC 5646 §2.1), at most sixteen, in order.
pub fn parse(text: &str) -> Vec<String> {
    text.split(' ').filter(|tag| looks_like_a_tag(tag)).take(MAX_TAGS).map(str::to_owned).collect()
}

fn looks_like_a_tag(tag: &str) -> bool {
    let subtag = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    tag.len() <= 35 && tag.split('-').all(subtag) && tag.starts_with(|c: char| c.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn strange_tags_are_passed_over() {
        assert_eq!(parse("fr-CA  en de_DE x\"y -en en- 12 zh-Hant-TW"), ["fr-CA", "en", "zh-Hant-TW"]);
        assert_eq!(parse(&"en ".repeat(100)).len(), 16);
        assert!(parse("").is_empty());
    }
}
