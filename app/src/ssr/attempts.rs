//! A sign-in form that is sent twice signs in once.
//!
//! A double press on the button sends two requests, neither with a cookie of the other's session: both would open one, and
//! the first would be left behind in the person's list. So each rendering of the form carries a number of its own, and of
//! all requests with one number only the latest keeps its session. The numbers are kept in this process for a minute: on
//! another node, a session too many is the worst that happens, and it ends by itself.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use moka::sync::Cache;
use ostiary::{core::Core, id::SessionId, secret::Digest};

/// Longest number that is looked at, in characters; ours have 32.
const LONGEST: usize = 64;

/// The numbers of forms that were sent lately.
#[derive(Clone, Debug)]
pub struct Attempts(Cache<Digest, Arc<Mutex<Sent>>>);

#[derive(Debug, Default)]
struct Sent {
    times: u64,
    opened: Option<SessionId>,
}

/// One request with a number. Without a number it stands alone.
#[derive(Debug)]
pub struct Attempt(Option<(u64, Arc<Mutex<Sent>>)>);

/// What becomes of the session that a request opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It stays.
    Alone,
    /// It stays, and takes the place of the one that an earlier request with the number opened.
    Replaces(SessionId),
    /// A later request with the number is under way: it ends.
    Superseded,
}

impl Default for Attempts {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(10_000).time_to_live(Duration::from_mins(1)).build())
    }
}

impl Attempts {
    /// A number for a form.
    pub fn number(core: &Core) -> String {
        use std::fmt::Write as _;
        let mut bytes = [0_u8; 16];
        core.entropy().fill(&mut bytes);
        bytes.iter().fold(String::with_capacity(32), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    /// A request with this number has come.
    pub fn begin(&self, number: Option<&str>) -> Attempt {
        let Some(number) = number.filter(|number| !number.is_empty() && number.len() <= LONGEST) else {
            return Attempt(None);
        };
        let sent = self.0.get_with(Digest::of(number.as_bytes()), Arc::default);
        let times = {
            let mut sent = sent.lock().unwrap_or_else(PoisonError::into_inner);
            sent.times += 1;
            sent.times
        };
        Attempt(Some((times, sent)))
    }
}

impl Attempt {
    /// It opened this session.
    pub fn opened(&self, session: SessionId) -> Standing {
        let Some((times, sent)) = &self.0 else { return Standing::Alone };
        let mut sent = sent.lock().unwrap_or_else(PoisonError::into_inner);
        if sent.times > *times {
            return Standing::Superseded;
        }
        sent.opened.replace(session).map_or(Standing::Alone, Standing::Replaces)
    }
}

#[cfg(test)]
mod tests {
    use ostiary::testing::TestCore;

    use super::*;

    #[tokio::test]
    async fn of_all_with_one_number_the_latest_stays() {
        let core = TestCore::sqlite().await;
        let (first, second, third): (SessionId, SessionId, SessionId) = (core.new_id(), core.new_id(), core.new_id());
        let attempts = Attempts::default();
        let number = Attempts::number(&core);
        let (a, b) = (attempts.begin(Some(&number)), attempts.begin(Some(&number)));
        assert_eq!(b.opened(second), Standing::Alone);
        assert_eq!(a.opened(first), Standing::Superseded);
        assert_eq!(attempts.begin(Some(&number)).opened(third), Standing::Replaces(second));
        assert_eq!(attempts.begin(None).opened(first), Standing::Alone);
        assert_eq!(attempts.begin(Some(&"x".repeat(65))).opened(first), Standing::Alone);
        assert_ne!(number, Attempts::number(&core));
    }
}
