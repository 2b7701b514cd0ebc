//! Rules that hold for every page.

use ostiary_app::model::Site;
use ostiary_app::shell::render;

use super::samples::{Sample, all, sign_in_called};

fn each(check: impl Fn(&Sample, &str)) {
    let site = Site::new("House", "/auth");
    for sample in all() {
        check(&sample, &(sample.html)(&site));
    }
}

/// Everything between `<` and `>` of `html`.
pub(super) fn tags(html: &str) -> impl Iterator<Item = &str> {
    html.split('<').skip(1).map(|rest| rest.split('>').next().unwrap_or_default())
}

#[test]
fn each_is_one_whole_document() {
    each(|sample, html| {
        assert!(html.starts_with("<!DOCTYPE html><html lang=\"en\""), "{}: {}", sample.name, &html[..60]);
        assert!(html.ends_with("</html>"), "{}", sample.name);
        assert_eq!(html.matches("<h1").count(), 1, "{}", sample.name);
        assert_eq!(html.matches("<main").count(), 1, "{}", sample.name);
        assert_eq!(html.matches("<title>").count(), 1, "{}", sample.name);
    });
}

/// No heading level is skipped.
#[test]
fn headings_go_down_step_by_step() {
    each(|sample, html| {
        let mut before = 0;
        for tag in tags(html) {
            let level = match tag.as_bytes() {
                [b'h', level @ b'1'..=b'6', ..] => u32::from(level - b'0'),
                _ => continue,
            };
            assert!(level <= before + 1 || before == 0, "{}: h{before} to h{level}", sample.name);
            before = level;
        }
    });
}

/// The content security policy allows no inline style or script, and nothing is hydrated.
#[test]
fn nothing_is_inline() {
    each(|sample, html| {
        assert!(!html.contains("<!>") && !html.contains("<!--") && !html.contains("data-hk"), "{}", sample.name);
        assert_eq!(html.matches("<script").count(), 1, "{}", sample.name);
        assert!(html.contains("<script type=\"module\" src=\"/auth/assets/app-"), "{}", sample.name);
        for tag in tags(html) {
            assert!(!tag.starts_with("style"), "{}: <{tag}>", sample.name);
            for attribute in tag.split_ascii_whitespace() {
                let name = attribute.split('=').next().unwrap_or_default();
                assert!(
                    name != "style" && !(name.starts_with("on") && attribute.contains('=')),
                    "{}: <{tag}>",
                    sample.name
                );
            }
        }
    });
}

/// I5: every address of ours lives below the issuer's path.
#[test]
fn addresses_keep_the_base_path() {
    each(|sample, html| {
        for mark in ["href=\"", "action=\"", "src=\""] {
            for address in html.split(mark).skip(1).filter_map(|rest| rest.split('"').next()) {
                assert!(
                    address.starts_with("/auth/")
                        || address.starts_with('#')
                        || address.starts_with("https://")
                        // What a page carries in itself to be saved.
                        || address.starts_with("data:text/plain;"),
                    "{}: {address}",
                    sample.name
                );
            }
        }
    });
}

/// Ids are unique; labels, descriptions and links within the page lead to one.
#[test]
fn references_lead_somewhere() {
    each(|sample, html| {
        let values = |mark: &str| -> Vec<String> {
            html.split(mark).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
        };
        let mut ids = values(" id=\"");
        let count = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), count, "{}: an id is there twice", sample.name);
        for mark in [
            " for=\"",
            " aria-describedby=\"",
            " aria-labelledby=\"",
            " popovertarget=\"",
            " data-reveal=\"",
            "href=\"#",
        ] {
            for id in values(mark).iter().flat_map(|v| v.split(' ')) {
                assert!(ids.iter().any(|i| i == id), "{}: {mark}{id}", sample.name);
            }
        }
    });
}

/// Errors: the title says so, the summary is an alert, exactly one thing takes the focus, and what is wrong is marked.
#[test]
fn errors_are_said() {
    each(|sample, html| {
        assert!(html.matches(" autofocus").count() <= 1, "{}: focus in two places", sample.name);
        let failed = html.contains("<title>Error: ");
        if html.contains("role=\"alert\"") {
            assert!(failed, "{}", sample.name);
            assert_eq!(html.matches(" autofocus").count(), 1, "{}", sample.name);
        }
        if html.contains("aria-invalid") {
            assert!(failed && html.contains("role=\"alert\""), "{}", sample.name);
            let focused = tags(html).find(|tag| tag.contains(" autofocus")).unwrap_or_default();
            assert!(focused.contains("aria-invalid=\"true\""), "{}: <{focused}>", sample.name);
        }
    });
}

/// Passwords and codes never come back in a page.
#[test]
fn secrets_are_not_echoed() {
    each(|sample, html| {
        for tag in tags(html).filter(|tag| tag.contains("type=\"password\"") || tag.contains("id=\"code\"")) {
            assert!(!tag.contains(" value="), "{}: <{tag}>", sample.name);
        }
    });
}

/// What password managers expect.
#[test]
fn fields_say_what_they_are_for() {
    each(|sample, html| {
        for tag in
            tags(html).filter(|tag| tag.starts_with("input") && !tag.contains("hidden") && !tag.contains("checkbox"))
        {
            assert!(tag.contains("autocomplete=\""), "{}: <{tag}>", sample.name);
        }
        for tag in tags(html).filter(|tag| tag.starts_with("form")) {
            let sends = tag.contains("method=\"post\"") && tag.contains("action=\"/auth/do/");
            let is_list = ["admin/clients", "organizations"]
                .iter()
                .any(|list| tag.contains(&format!("method=\"get\" action=\"/auth/{list}")));
            let asks = is_list && tag.contains(" role=\"search\"");
            assert!(sends || asks, "{}: <{tag}>", sample.name);
        }
    });
}

/// Sign-in stays light: 8 KiB of HTML, 3 KiB on the wire, with the caller shown.
#[test]
fn sign_in_is_light() {
    use std::io::Write as _;
    let html = render(&Site::new("Nordhavn Studio", ""), sign_in_called());
    assert!(html.len() <= 8 * 1024, "{} bytes", html.len());
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(html.as_bytes()).unwrap();
    let compressed = encoder.finish().unwrap().len();
    assert!(compressed <= 3 * 1024, "{compressed} bytes compressed");
}
