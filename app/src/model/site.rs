//! The instance whose pages are shown: its name, its place below the issuer's path, the links its operator gave.

use std::fmt::Write as _;

/// What every page needs to know about the instance. Made once at start and shared.
#[derive(Debug, Clone, Default)]
pub struct Site {
    base_path: String,
    instance_name: String,
    links: SiteLinks,
    theme: Theme,
    registration: bool,
    mail_links: MailLinks,
}

/// How long the links of mails work, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailLinks {
    /// Those that confirm an address (A4).
    pub verification: u64,
    /// Those that lead to a new password (A5).
    pub reset: u64,
}

impl Default for MailLinks {
    fn default() -> Self {
        Self { verification: 86_400, reset: 3_600 }
    }
}

/// Pages of the operator's own; a link is shown only where there is an address to go to.
#[derive(Debug, Clone, Default)]
pub struct SiteLinks {
    /// Where help is found.
    pub help: Option<String>,
    /// The privacy notice.
    pub privacy: Option<String>,
    /// The terms a person accepts on registration.
    pub terms: Option<String>,
}

/// Light or dark; the pages follow the reader's system unless told otherwise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the reader's system says.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Site {
    /// An instance called `instance_name` whose issuer has the path `base_path` (`""`, or `/auth` without a slash at the end).
    pub fn new(instance_name: impl Into<String>, base_path: &str) -> Self {
        Self {
            base_path: base_path.trim_end_matches('/').to_owned(),
            instance_name: instance_name.into(),
            links: SiteLinks::default(),
            theme: Theme::System,
            registration: true,
            mail_links: MailLinks::default(),
        }
    }

    /// The same instance with links of other lifetimes.
    #[must_use]
    pub fn with_mail_links(mut self, mail_links: MailLinks) -> Self {
        self.mail_links = mail_links;
        self
    }

    /// How long the links of mails work.
    pub fn mail_links(&self) -> MailLinks {
        self.mail_links
    }

    /// The same instance with its operator's links.
    #[must_use]
    pub fn with_links(mut self, links: SiteLinks) -> Self {
        self.links = links;
        self
    }

    /// The same instance in one theme.
    #[must_use]
    pub fn with_theme(mut self, theme: Theme) -> Self {
        self.theme = theme;
        self
    }

    /// The same instance with open (`true`, the default) or closed registration; closed, no page links to it.
    #[must_use]
    pub fn with_registration(mut self, open: bool) -> Self {
        self.registration = open;
        self
    }

    /// What the instance is called.
    pub fn name(&self) -> &str {
        &self.instance_name
    }

    /// The operator's links.
    pub fn links(&self) -> &SiteLinks {
        &self.links
    }

    /// The theme asked for.
    pub fn theme(&self) -> Theme {
        self.theme
    }

    /// Whether a stranger may make an account.
    pub fn registration_open(&self) -> bool {
        self.registration
    }

    /// The path below which everything lives; empty or `/…` without a slash at the end.
    pub fn base_path(&self) -> &str {
        &self.base_path
    }

    /// The address of `path` (which begins with `/`) on this instance.
    pub fn to(&self, path: &str) -> String {
        format!("{}{path}", self.base_path)
    }

    /// The address of `path` with the interaction `i`, if there is one, in its query.
    pub fn to_with(&self, path: &str, interaction: Option<&str>) -> String {
        match interaction {
            Some(i) => self.to_query(path, "i", i),
            None => self.to(path),
        }
    }

    /// The address of `path` with one query parameter, percent-encoded.
    pub fn to_query(&self, path: &str, name: &str, value: &str) -> String {
        self.to_queries(path, &[(name, value)])
    }

    /// `path` on the way to an application's request, or else to the page of this closed name, with `more` in its query.
    pub fn along(&self, path: &str, interaction: Option<&str>, next: Option<&str>, more: &[(&str, &str)]) -> String {
        let way = interaction.map_or(("next", next.unwrap_or_default()), |i| ("i", i));
        self.to_queries(path, &[&[way], more].concat())
    }

    /// The address of `path` with these query parameters, their values percent-encoded; empty ones are left out.
    pub fn to_queries(&self, path: &str, query: &[(&str, &str)]) -> String {
        let mut url = self.to(path);
        let mut separator = '?';
        for (name, value) in query.iter().filter(|(_, value)| !value.is_empty()) {
            url.push(separator);
            url.push_str(name);
            url.push('=');
            for byte in value.bytes() {
                if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
                    url.push(char::from(byte));
                } else {
                    // Writing to a String cannot fail.
                    let _ = write!(url, "%{byte:02X}");
                }
            }
            separator = '&';
        }
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// I5: the issuer may have a path; every address lives below it.
    #[test]
    fn addresses_live_below_the_base_path() {
        let site = Site::new("House", "/auth/");
        assert_eq!(site.to("/sign-in"), "/auth/sign-in");
        assert_eq!(site.to_with("/sign-in", None), "/auth/sign-in");
        assert_eq!(site.to_with("/sign-in", Some("ost_ix_a-b")), "/auth/sign-in?i=ost_ix_a-b");
    }

    #[test]
    fn a_query_value_cannot_leave_its_place() {
        assert_eq!(Site::new("House", "").to_query("/x", "t", "a&b=c \"é"), "/x?t=a%26b%3Dc%20%22%C3%A9");
        let site = Site::new("House", "");
        assert_eq!(site.to_queries("/x", &[("q", "a&b"), ("after", "c")]), "/x?q=a%26b&after=c");
        assert_eq!(site.to_queries("/x", &[("q", ""), ("after", "c")]), "/x?after=c");
        assert_eq!(site.to_queries("/x", &[("q", "")]), "/x");
    }
}
