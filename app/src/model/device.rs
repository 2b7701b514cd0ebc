//! Connecting a device (RFC 8628): the code, the question, the end.

use super::{Caller, DetailLine, Hold, Person, Problem, ScopeLine, When};

/// "Connect a device": `GET /device`, posts to `/do/device-code`.
#[derive(Debug, Clone, Default)]
pub struct DevicePage {
    /// What was typed, or what came with the link.
    pub code: String,
    /// The code came with a link, and has to be compared with the device.
    pub from_link: bool,
    /// Who is signed in.
    pub person: Option<Person>,
    /// What was wrong with the code.
    pub problem: Option<DeviceCodeProblem>,
}

/// What was wrong with a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum DeviceCodeProblem {
    /// No device shows it, or no longer.
    Unknown,
    /// It was good, and was used or grew too old meanwhile.
    Gone,
    /// Not now.
    Held(Hold),
}

impl Problem for DeviceCodeProblem {
    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Unknown | Self::Gone => Some("user_code"),
            Self::Held(_) => None,
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Unknown => {
                "No device shows this code now. Look at it again; after ten minutes it shows a new one.".to_owned()
            }
            Self::Gone => "This code was used or is too old. Have the device show a new one.".to_owned(),
            Self::Held(hold) => hold.words(),
        }
    }
}

/// "Is this your device?": `GET /device/confirm`, posts to `/do/device`.
#[derive(Debug, Clone)]
pub struct ConfirmDevicePage {
    /// The code, sealed, as the form sends it back.
    pub handle: String,
    /// The code, as the device shows it.
    pub code: String,
    /// Who asks.
    pub caller: Caller,
    /// From which address.
    pub ip: Option<String>,
    /// When.
    pub asked: When,
    /// Who is asked.
    pub person: Person,
    /// What cannot be left out.
    pub needed: Vec<ScopeLine>,
    /// What the person may leave out.
    pub optional: Vec<ScopeLine>,
    /// The APIs it will use, by name.
    pub resources: Vec<String>,
    /// What it asks for in detail.
    pub details: Vec<DetailLine>,
}

/// What became of it: `GET /device/done`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeviceDonePage {
    /// The person said yes.
    pub allowed: bool,
}
