//! What an organisation asks for on the way to an application (E7).

use super::{Caller, Person};

/// "… asks for a second step" and the person has none that counts: `GET /sign-in/enrol?i=`.
#[derive(Debug, Clone, Default)]
pub struct EnrolPage {
    /// The interaction it belongs to.
    pub interaction: String,
    /// The application that asks.
    pub caller: Caller,
    /// Who is asked.
    pub person: Person,
    /// The organisation.
    pub organization: String,
    /// An authenticator app counts.
    pub by_app: bool,
    /// A text message counts.
    pub by_sms: bool,
}
