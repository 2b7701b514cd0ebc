//! Which device is this? A readable name for a session, out of the `User-Agent` header (C3).
//!
//! The header says whatever its sender likes. What we show is chosen from closed lists ([`Browser`], [`System`]), so no
//! word of a stranger reaches a page or a mail; what is not on the lists is "unknown". It is a hint for a person who looks
//! through their sessions, and decides nothing.

use std::fmt;

use woothee::parser::{Parser, WootheeResult};

#[cfg(test)]
mod tests;

/// So many characters of the header are looked at; the rest is cut off.
pub const MAX_CHARS: usize = 512;

/// The reader of `User-Agent` headers.
#[derive(Clone, Copy, Debug)]
pub struct UserAgent;

impl UserAgent {
    /// Describes the device that sent `raw`, of which at most [`MAX_CHARS`] characters count.
    pub fn describe(raw: &str) -> DeviceDescription {
        let raw = raw.char_indices().nth(MAX_CHARS).and_then(|(end, _)| raw.get(..end)).unwrap_or(raw).trim();
        if is_tool(raw) {
            return DeviceDescription { browser: Browser::Unknown, os: System::Unknown, kind: DeviceKind::Tool };
        }
        let Some(found) = Parser::new().parse(raw) else {
            return DeviceDescription::UNKNOWN;
        };
        if matches!(found.category, "crawler") || found.name == "HTTP Library" {
            return DeviceDescription { browser: Browser::Unknown, os: System::Unknown, kind: DeviceKind::Tool };
        }
        let os = System::of(&found, raw);
        DeviceDescription { browser: Browser::of(&found, raw), os, kind: kind(os, &found, raw) }
    }
}

/// What a `User-Agent` header says about its sender. Its text is "Firefox on Windows", "Safari on iPhone".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DeviceDescription {
    /// The browser.
    pub browser: Browser,
    /// The operating system, or the device that is its synonym.
    pub os: System,
    /// The kind of device.
    pub kind: DeviceKind,
}

impl DeviceDescription {
    /// What is said of a header that is missing, empty or not understood.
    pub const UNKNOWN: Self = Self { browser: Browser::Unknown, os: System::Unknown, kind: DeviceKind::Unknown };
}

impl fmt::Display for DeviceDescription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.browser, self.os) {
            (Browser::Unknown, System::Unknown) if self.kind == DeviceKind::Tool => f.write_str("A program"),
            (browser, System::Unknown) => f.write_str(browser.name()),
            (browser, os) => write!(f, "{} on {}", browser.name(), os.name()),
        }
    }
}

/// The kind of device, for the picture beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeviceKind {
    /// A computer with a screen and a keyboard.
    Desktop,
    /// A telephone.
    Phone,
    /// A tablet.
    Tablet,
    /// A program without a person before it: a command-line tool, a library, a crawler.
    Tool,
    /// It cannot be told.
    Unknown,
}

/// The browsers that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Browser {
    /// Mozilla Firefox, on any system.
    Firefox,
    /// Google Chrome, and what calls itself so (Chromium, Brave).
    Chrome,
    /// Apple Safari.
    Safari,
    /// Microsoft Edge.
    Edge,
    /// Opera.
    Opera,
    /// Vivaldi.
    Vivaldi,
    /// Samsung Internet.
    SamsungInternet,
    /// Yandex Browser.
    Yandex,
    /// Microsoft Internet Explorer.
    InternetExplorer,
    /// The browser inside another app.
    InApp,
    /// None of these.
    Unknown,
}

impl Browser {
    /// The name that is shown.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Firefox => "Firefox",
            Self::Chrome => "Chrome",
            Self::Safari => "Safari",
            Self::Edge => "Edge",
            Self::Opera => "Opera",
            Self::Vivaldi => "Vivaldi",
            Self::SamsungInternet => "Samsung Internet",
            Self::Yandex => "Yandex Browser",
            Self::InternetExplorer => "Internet Explorer",
            Self::InApp => "An app",
            Self::Unknown => "Unknown browser",
        }
    }

    fn of(found: &WootheeResult<'_>, raw: &str) -> Self {
        match found.name {
            "Firefox" | "Firefox OS" => Self::Firefox,
            "Chrome" => Self::Chrome,
            "Safari" if raw.contains("Android") => Self::InApp,
            "Safari" => Self::Safari,
            "Edge" => Self::Edge,
            "Opera" => Self::Opera,
            "Vivaldi" => Self::Vivaldi,
            "SamsungBrowser" => Self::SamsungInternet,
            "Yandex Browser" => Self::Yandex,
            "Internet Explorer" => Self::InternetExplorer,
            "Webview" | "Google Search App" => Self::InApp,
            _ => Self::Unknown,
        }
    }
}

/// The operating systems, and devices that stand for one, that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum System {
    /// Microsoft Windows.
    Windows,
    /// Apple macOS. An iPad that asks for desktop pages says the same.
    MacOs,
    /// Linux that is not Android.
    Linux,
    /// `ChromeOS`.
    ChromeOs,
    /// Android.
    Android,
    /// An iPhone or iPod.
    IPhone,
    /// An iPad.
    IPad,
    /// One of the BSDs.
    Bsd,
    /// None of these.
    Unknown,
}

impl System {
    /// The name that is shown.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Windows => "Windows",
            Self::MacOs => "macOS",
            Self::Linux => "Linux",
            Self::ChromeOs => "ChromeOS",
            Self::Android => "Android",
            Self::IPhone => "iPhone",
            Self::IPad => "iPad",
            Self::Bsd => "BSD",
            Self::Unknown => "an unknown system",
        }
    }

    fn of(found: &WootheeResult<'_>, raw: &str) -> Self {
        match found.os {
            "iPad" => Self::IPad,
            "iPhone" | "iPod" | "iOS" => Self::IPhone,
            "Android" => Self::Android,
            "Mac OSX" | "Mac OS Classic" => Self::MacOs,
            "ChromeOS" => Self::ChromeOs,
            "Linux" if raw.contains("Android") => Self::Android,
            "Linux" => Self::Linux,
            "BSD" => Self::Bsd,
            os if os.starts_with("Windows") && os != "Windows Phone OS" => Self::Windows,
            _ => Self::Unknown,
        }
    }
}

/// Android says "Mobile" on a telephone and leaves it out on a tablet.
fn kind(os: System, found: &WootheeResult<'_>, raw: &str) -> DeviceKind {
    match os {
        System::Windows | System::MacOs | System::Linux | System::ChromeOs | System::Bsd => DeviceKind::Desktop,
        System::IPad => DeviceKind::Tablet,
        System::Android if raw.contains("Tablet") || !raw.contains("Mobile") => DeviceKind::Tablet,
        System::Android | System::IPhone => DeviceKind::Phone,
        System::Unknown => match found.category {
            "pc" => DeviceKind::Desktop,
            "smartphone" | "mobilephone" => DeviceKind::Phone,
            _ => DeviceKind::Unknown,
        },
    }
}

/// Libraries and command-line tools, by the word with which their header begins.
fn is_tool(raw: &str) -> bool {
    const TOOLS: [&str; 19] = [
        "curl",
        "wget",
        "python",
        "python-requests",
        "aiohttp",
        "httpx",
        "okhttp",
        "go-http-client",
        "node",
        "undici",
        "axios",
        "node-fetch",
        "openid-client",
        "java",
        "apache-httpclient",
        "reqwest",
        "postmanruntime",
        "insomnia",
        "httpie",
    ];
    let first = raw.split(['/', ' ']).next().unwrap_or_default();
    TOOLS.iter().any(|tool| first.eq_ignore_ascii_case(tool))
}
