//! Identifiers: UUID version 7 (RFC 9562 §5.7) in newtypes, so that a user's id cannot be passed for a client's.

use uuid::Uuid;

use crate::{clock::Timestamp, entropy::Entropy};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type, serde::Serialize, serde::Deserialize)]
        #[sqlx(transparent)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// The UUID itself.
            pub const fn as_uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

ids! {
    /// A person (A11); also the `sub` of that person's tokens.
    UserId,
    /// One sign-in of one person in one browser or through the REST API (C1); also `sid` in tokens, but for pairwise clients.
    SessionId,
    /// What one person allowed one client at one sign-in: the family of its codes and tokens (D3).
    GrantId,
    /// A stored authorization request on its way to an answer.
    InteractionId,
    /// A request that is decided elsewhere than it was asked: a device code or a backchannel request (D8).
    DecoupledId,
    /// A one-time link or code sent by mail.
    TicketId,
    /// One secret of a client.
    ClientSecretId,
    /// A token that lets somebody register clients (RFC 7591 §1.2).
    InitialTokenId,
    /// A passkey (B1); not what its authenticator calls it.
    PasskeyId,
    /// A browser that is trusted with one account (B7).
    TrustedBrowserId,
    /// A line of the audit record (H1).
    AuditId,
    /// A message waiting to be delivered (H2).
    OutboxId,
    /// What ties together everything one request caused, in logs and audit.
    CorrelationId,
    /// The security stamp of a user (A8): changes when older sessions and tokens must stop working.
    Stamp,
    /// An authenticator app of a person (B2).
    AuthenticatorId,
    /// An organisation (E1).
    OrganizationId,
    /// A role (E3).
    RoleId,
    /// One membership of one person in one organisation (E2).
    MembershipId,
    /// A grant or a denial of one member (E5).
    MemberEntryId,
    /// An invitation into an organisation (E6).
    InvitationId,
    /// One version of a set of policies (E8).
    PolicyVersionId,
    /// A recorded decision (E8).
    DecisionId,
}

/// A fresh UUID version 7: ordered by `now` (milliseconds), the rest random.
pub fn uuid_v7(now: Timestamp, entropy: &dyn Entropy) -> Uuid {
    let mut random = [0_u8; 10];
    entropy.fill(&mut random);
    let millis = u64::try_from(now.as_micros() / 1000).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}
