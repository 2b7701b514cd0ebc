//! The parts of the visual language, each once and with all its states.
//!
//! Layout, spacing and type are utilities in these components; shapes that utilities cannot say are in `style/main.css`. A part never
//! knows a page: it gets finished addresses and words.

pub mod alert;
pub mod badge;
pub mod button;
pub mod choice;
pub mod crumb;
pub mod door;
#[expect(clippy::needless_pass_by_value, reason = "a component owns what it is given")]
pub mod face;
pub mod facts;
pub mod field;
pub mod icon;
#[expect(clippy::needless_pass_by_value, reason = "a component owns what it is given")]
pub mod passkey;
pub mod password;
pub mod qr;
pub mod room;
pub mod rows;
pub mod why;

pub use alert::{Alert, ErrorSummary, FlashNote, Held, Tone};
pub use badge::Badge;
pub use button::{Button, ButtonLink, Kind};
pub use choice::{ChoiceRow, StepBar};
pub use crumb::Crumb;
pub use door::{Dead, Door, door};
pub use face::{CallerHead, CallerTile, Face, OrganizationTile, Who};
pub use facts::{Facts, SecretOnce};
pub(crate) use field::below;
pub use field::{Area, Asks, Check, Checks, Field, Hidden, Pick, Script};
pub use icon::{Icon, Mark, Sign, SignTile};
pub use passkey::{Ceremony, PasskeyForm};
pub use password::{NewPassword, PasswordField};
pub use qr::QrPicture;
pub use room::{Place, room};
pub use rows::{DeviceRow, DeviceSign, Moment, Table};
pub use why::Why;
