//! Recovery codes (B3): eight characters that are hard to confuse, forty bits each.

use zeroize::Zeroizing;

use super::store;
use crate::{
    core::{Core, Ctx},
    db::Tx,
    error::Internal,
    id::UserId,
    secret::{Digest, SecretString},
};

/// How many are made at a time.
pub const RECOVERY_CODES: usize = 10;

/// Crockford's base 32 in small letters.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const CHARACTERS: usize = 8;

/// Makes ten codes in place of all there were. They are in the clear here and nowhere else.
pub(super) async fn replace_all(tx: &mut Tx, ctx: &Ctx, user_id: UserId) -> Result<Vec<SecretString>, Internal> {
    store::delete_recovery_codes(tx, user_id).await?;
    let mut codes = Vec::with_capacity(RECOVERY_CODES);
    for _ in 0..RECOVERY_CODES {
        let code = generate(&ctx.core);
        store::insert_recovery_code(tx, digest(&ctx.core, user_id, &code), user_id, ctx.now()).await?;
        codes.push(code);
    }
    Ok(codes)
}

/// Such as `4kq7-m2xd`.
fn generate(core: &Core) -> SecretString {
    let mut bytes = Zeroizing::new([0_u8; CHARACTERS]);
    core.entropy().fill(&mut *bytes);
    let mut text = String::with_capacity(CHARACTERS + 1);
    for (n, byte) in bytes.iter().enumerate() {
        if n == CHARACTERS / 2 {
            text.push('-');
        }
        text.push(char::from(*ALPHABET.get(usize::from(byte & 31)).unwrap_or(&b'0')));
    }
    SecretString::from(text)
}

/// What the table keeps. Spaces, hyphens and capitals count for nothing, and letters that look like digits are read as
/// these.
pub(super) fn digest(core: &Core, user_id: UserId, typed: &SecretString) -> Digest {
    let read = |c: char| match c.to_ascii_lowercase() {
        'o' => '0',
        'i' | 'l' => '1',
        other => other,
    };
    let kept = typed.expose().chars().filter(|c| !c.is_whitespace() && *c != '-').map(read);
    // One more than a code has, so that nothing longer passes for one.
    let plain: Zeroizing<String> = Zeroizing::new(kept.take(CHARACTERS + 1).collect());
    let about = [b"recovery code of ", user_id.as_uuid().as_bytes().as_slice()].concat();
    core.sealer().code_digest(&about, &plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TestCore;

    /// B3: people type codes as they read them.
    #[tokio::test]
    async fn a_code_is_known_however_it_is_written() {
        let core = TestCore::sqlite().await;
        let (mara, tove): (UserId, UserId) = (core.new_id(), core.new_id());
        let digest = |who, text: &str| digest(&core, who, &SecretString::from(text));
        let known = digest(mara, "4kq1-m0xd");
        for text in ["4kq1m0xd", " 4KQ1 M0XD ", "4kql-moxd", "4KQI-MOXD", "4kq1--m0xd"] {
            assert_eq!(digest(mara, text), known, "{text}");
        }
        for text in ["4kq1m0x", "4kq1m0xdd", "4kq1m0xd4kq1m0xd", ""] {
            assert_ne!(digest(mara, text), known, "{text}");
        }
        assert_ne!(digest(tove, "4kq1-m0xd"), known, "it is nobody else's");
        let made = generate(&core);
        assert_eq!((made.expose().len(), made.expose().as_bytes()[4]), (9, b'-'));
    }
}
