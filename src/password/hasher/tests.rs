//! Tests of making and checking hashes.

use super::*;

fn cheap() -> Hasher {
    Hasher::new(&HasherConfig::cheap())
}

fn secret(text: &str) -> SecretString {
    SecretString::new(text.to_owned())
}

const SALT: [u8; 16] = *b"ostiary-salt-16b";

/// A3: the default is Argon2id with m=19456, t=2, p=1, and the text is the one that the original implementation writes
/// (argon2-cffi 25.1 over libargon2, same password and salt).
#[tokio::test]
async fn default_hash_is_argon2id() {
    let hasher = Hasher::new(&HasherConfig::default());
    let hash = hasher.hash(secret("Zwölf Boxkämpfer-12"), SALT).await.unwrap();
    assert_eq!(
        hash.as_str(),
        "$argon2id$v=19$m=19456,t=2,p=1$b3N0aWFyeS1zYWx0LTE2Yg$ushVyuDtfGTLRZNgHbIm51Xi8FEvXw0xWkINKMWQ3ZE"
    );
    let yes = hasher.verify(secret("Zwölf Boxkämpfer-12"), Some(&hash)).await.unwrap();
    assert_eq!(yes, Verdict { matches: true, needs_rehash: false });
    let no = hasher.verify(secret("Zwölf Boxkämpfer-13"), Some(&hash)).await.unwrap();
    assert_eq!(no, Verdict::NO);
}

/// A3: a hash with other parameters is accepted and marked for replacement, but only when the password is right.
#[tokio::test]
async fn other_parameters_need_a_rehash() {
    let hasher = cheap();
    let variants = [
        HasherConfig { memory_kib: 16, ..HasherConfig::cheap() },
        HasherConfig { passes: 2, ..HasherConfig::cheap() },
        HasherConfig { lanes: 2, memory_kib: 16, ..HasherConfig::cheap() },
    ];
    for config in variants {
        let old = Hasher::new(&config).hash(secret("pw"), SALT).await.unwrap();
        let right = hasher.verify(secret("pw"), Some(&old)).await.unwrap();
        assert_eq!(right, Verdict { matches: true, needs_rehash: true }, "{config:?}");
        assert_eq!(hasher.verify(secret("PW"), Some(&old)).await.unwrap(), Verdict::NO);
    }
}

/// A7: an unknown account, or one without password, is answered no, whatever is typed.
#[tokio::test]
async fn unknown_account_is_no() {
    let hasher = cheap();
    for password in ["", "pw", "\0", &"x".repeat(10_000)] {
        assert_eq!(hasher.verify(secret(password), None).await.unwrap(), Verdict::NO);
        assert_eq!(hasher.verify_unknown(secret(password)).await.unwrap(), Verdict::NO);
    }
}

/// A3: equal passwords with different salts have different hashes; nothing is cut off (bcrypt would after 72 bytes).
#[tokio::test]
async fn salt_and_every_byte_count() {
    let hasher = cheap();
    let (long, longer) = ("ä".repeat(200), format!("{}b", "ä".repeat(200)));
    let hash = hasher.hash(secret(&long), SALT).await.unwrap();
    assert_ne!(hash, hasher.hash(secret(&long), [7; 16]).await.unwrap());
    assert!(hasher.verify(secret(&long), Some(&hash)).await.unwrap().matches);
    assert!(!hasher.verify(secret(&longer), Some(&hash)).await.unwrap().matches);
}

/// A stored text that nobody understands is an error of its own, not a wrong password.
#[tokio::test]
async fn unknown_format_is_told() {
    let broken = StoredHash::own("plain text".to_owned());
    assert_eq!(cheap().verify(secret("plain text"), Some(&broken)).await, Err(HashError::UnknownFormat));
    assert_eq!(format!("{broken:?}"), "StoredHash(unknown, redacted)");
}

/// I10: beyond the queue the answer is `Busy`, and everything that was accepted is answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn overload_is_refused() {
    let config = HasherConfig { memory_kib: 4096, threads: 1, queue_per_thread: 2, ..HasherConfig::cheap() };
    let hasher = Hasher::new(&config);
    let tasks: Vec<_> = (0..64)
        .map(|_| {
            let hasher = hasher.clone();
            tokio::spawn(async move { hasher.hash(secret("pw"), SALT).await })
        })
        .collect();
    let (mut done, mut busy) = (0, 0);
    for task in tasks {
        match task.await.unwrap() {
            Ok(hash) => {
                assert!(hash.as_str().starts_with("$argon2id$v=19$m=4096,t=1,p=1$"));
                done += 1;
            }
            Err(HashError::Busy { retry_after_secs }) => {
                assert!((1..=30).contains(&retry_after_secs));
                busy += 1;
            }
            Err(other) => panic!("{other}"),
        }
    }
    assert!(done >= 2 && busy >= 1, "{done} done, {busy} refused");
}

/// Configuration out of bounds is refused; used all the same, it counts as the nearest value within.
#[test]
fn configuration_is_bounded() {
    let base = HasherConfig::default();
    assert_eq!(base.check(), Ok(()));
    for change in [
        |c: &mut HasherConfig| c.memory_kib = 7,
        |c: &mut HasherConfig| c.memory_kib = 262_145,
        |c: &mut HasherConfig| (c.memory_kib, c.lanes) = (15, 2),
        |c: &mut HasherConfig| c.passes = 0,
        |c: &mut HasherConfig| c.passes = 65,
        |c: &mut HasherConfig| c.lanes = 0,
        |c: &mut HasherConfig| c.lanes = u32::MAX,
        |c: &mut HasherConfig| c.threads = 257,
        |c: &mut HasherConfig| c.queue_per_thread = 0,
        |c: &mut HasherConfig| c.queue_per_thread = usize::MAX,
    ] {
        let mut config = base.clone();
        change(&mut config);
        assert_eq!(config.check(), Err(HasherConfigError), "{config:?}");
        assert_eq!(config.within_bounds().check(), Ok(()), "{config:?}");
    }
    assert_eq!(serde_json::from_str::<HasherConfig>("{}").unwrap(), base);
    assert!(serde_json::from_str::<HasherConfig>(r#"{"memory":1}"#).is_err());
}

/// Argon2 takes every configuration within the bounds as it is.
#[test]
fn corners_are_taken() {
    for lanes in [1, 2, 16] {
        for memory_kib in [8 * lanes, 8 * lanes + 1, 262_144] {
            for passes in [1, 64] {
                let config = HasherConfig { memory_kib, passes, lanes, ..HasherConfig::cheap() };
                assert_eq!(config.check(), Ok(()));
                let params = Hasher::new(&config).params;
                assert_eq!((params.m_cost(), params.t_cost(), params.p_cost()), (memory_kib, passes, lanes));
                assert_eq!(params.output_len(), Some(OUTPUT_LEN));
            }
        }
    }
}

/// The stored form goes to and from both databases as the text it is.
#[test]
fn stored_hash_is_a_column() {
    fn column<T, D: sqlx::Database>()
    where
        T: sqlx::Type<D> + for<'q> sqlx::Encode<'q, D> + for<'r> sqlx::Decode<'r, D>,
    {
    }
    column::<StoredHash, sqlx::Sqlite>();
    column::<StoredHash, sqlx::Postgres>();
    column::<Option<StoredHash>, sqlx::Sqlite>();
    column::<Option<StoredHash>, sqlx::Postgres>();
}
