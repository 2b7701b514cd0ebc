//! Foreign hashes, against vectors that the original implementations made.

mod memory_hard;

use proptest::prelude::*;

use super::*;
use crate::password::stored::StoredHash;

/// Whether `password` matches `text`; the test fails if the text is not understood.
fn matches(text: &str, password: &str) -> bool {
    let scheme = parse(text).unwrap_or_else(|| panic!("not understood: {text}"));
    scheme.verify(password.as_bytes(), &mut Memory::new(19_456)).unwrap()
}

fn assert_vectors(vectors: &[(&str, &str)], algorithm: HashAlgorithm) {
    for (text, password) in vectors {
        assert_eq!(StoredHash::parse(text).unwrap().algorithm(), Some(algorithm), "{text}");
        assert!(matches(text, password), "{text} {password}");
        let wrong = format!("{password}x");
        let counts = password.len() < 72 || algorithm != HashAlgorithm::Bcrypt;
        assert_eq!(matches(text, &wrong), !counts, "{text} {wrong}");
    }
}

fn assert_refused(text: &str) {
    assert!(StoredHash::parse(text).is_err(), "{text}");
}

/// A3, ASP.NET Core Identity v2: `PasswordHasherTest.cs` of dotnet/aspnetcore, `src/Identity/test/Identity.Test`.
#[test]
fn aspnet_version_2() {
    assert_vectors(
        &[
            ("ANXrDknc7fGPpigibZXXZFMX4aoqz44JveK6jQuwY3eH/UyPhvr5xTPeGYEckLxz9A==", "my password"),
            ("AAABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggHIVY0sdEUfdyeM+E1LtH1uJg==", "my password"),
        ],
        HashAlgorithm::AspNetV2,
    );
}

/// A3, ASP.NET Core Identity v3: the same file; SHA-1, SHA-256 and SHA-512, with several lengths of salt and key.
#[test]
fn aspnet_version_3() {
    assert_vectors(
        &[
            ("AQAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg+yWU7rLgUwPZb1Itsmra7cbxw2EFpwpVFIEtP+JIuUEw==", "my password"),
            ("AQAAAAIAAAAyAAAAEOMwvh3+FZxqkdMBz2ekgGhwQ4B6pZWND6zgESBuWiHw", "my password"),
            (
                "AQAAAAIAAAD6AAAAIJbVi5wbMR+htSfFp8fTw8N8GOS/Sje+S/4YZcgBfU7EQuqv4OkVYmc4VJl9AGZzmRTxSkP7LtVi9IWyUxX8IAAfZ8v+ZfhjCcudtC1YERSqE1OEdXLW9VukPuJWBBjLuw==",
                "my password",
            ),
            ("AQAAAAAAAAD6AAAAEAhftMyfTJylOlZT+eEotFXd1elee8ih5WsjXaR3PA9M", "my password"),
            (
                "AQAAAAEAA9CQAAAAIESkQuj2Du8Y+kbc5lcN/W/3NiAZFEm11P27nrSN5/tId+bR1SwV8CO1Jd72r4C08OLvplNlCDc3oQZ8efcW+jQ=",
                "my password",
            ),
        ],
        HashAlgorithm::AspNetV3,
    );
}

/// A3: the failure cases of the same file. Those of a wrong length are refused when they are read.
#[test]
fn aspnet_failures() {
    assert!(!matches("AAABAgMEBQYHCAkKCwwNDg+uAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAALtH1uJg==", "my password"));
    assert!(!matches("AQAAAAAAAAD6AAAAEAhftMyfTJyAAAAAAAAAAAAAAAAAAAih5WsjXaR3PA9M", "my password"));
    // Too long by the original's count, but a key of other length by the format's; it matches nothing.
    assert!(!matches("AQAAAAIAAAAyAAAAEOMwvh3+FZxqkdMBz2ekgGhwQ4B6pZWND6zgESBuWiHwAAAAAAAAAAAA", "my password"));
    for text in [
        "AAABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggE=",
        "AAABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggHIVY0sdEUfdyeM+E1LtH1uJgAAAAAAAAAAAAA=",
        "AQAAAAIAAAAyAAAAEOMwvh3+FZxqkdMBz2ekgGhwQ4A=",
        "",
        "AA==",
        "AQ==",
        "AQAAAAE=",
        "not base64 at all",
        "AgABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggHIVY0sdEUfdyeM+E1LtH1uJg==", // version 2 in the first byte: unknown
    ] {
        assert_refused(text);
    }
}

/// A3: parameters of version 3 beyond the bounds: prf, iterations, salt, key.
#[test]
fn aspnet_bounds() {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    let blob = |prf: u32, iterations: u32, salt_len: u32, rest: usize| {
        let mut bytes = vec![1];
        for number in [prf, iterations, salt_len] {
            bytes.extend(number.to_be_bytes());
        }
        bytes.resize(13 + rest, 7);
        STANDARD.encode(bytes)
    };
    assert!(StoredHash::parse(&blob(1, 1, 16, 32)).is_ok());
    assert!(StoredHash::parse(&blob(1, 2_000_000, 128, 256)).is_ok());
    for text in [
        blob(3, 1000, 16, 48),
        blob(u32::MAX, 1000, 16, 48),
        blob(1, 0, 16, 48),
        blob(1, 2_000_001, 16, 48),
        blob(1, u32::MAX, 16, 48),
        blob(1, 1000, 15, 48),
        blob(1, 1000, 129, 200),
        blob(1, 1000, u32::MAX, 48),
        blob(1, 1000, 16, 31),
        blob(1, 1000, 16, 145),
        blob(1, 1000, 48, 48),
    ] {
        assert_refused(&text);
    }
}

/// A3, bcrypt `$2a$`: `TestBCrypt.java` of jBCrypt 0.4 (Damien Miller), those of cost 10 and more.
/// `$2b$`: made by pyca/bcrypt 4.0.1. `$2y$`: made by libxcrypt 4.4.33 through `crypt(3)`.
#[test]
fn bcrypt_of_each_kind() {
    assert_vectors(
        &[
            ("$2a$10$k1wbIrmNyFAPwPVPSVa/zecw2BCEnBwVS2GbrmgzxFUOqW9dk4TCW", ""),
            ("$2a$10$k87L/MF28Q673VKh8/cPi.SUl7MU/rWuSiIDDFayrKk/1tBsSQu4u", "a"),
            ("$2a$10$WvvTPHKwdBJ3uk0Z37EMR.hLA2W6N9AEBhEgrAOljy2Ae5MtaSIUi", "abc"),
            ("$2a$10$fVH8e28OQRj9tqiDXs1e1uxpsjN0c7II7YPKXua2NAKYvM6iQk7dq", "abcdefghijklmnopqrstuvwxyz"),
            ("$2a$10$LgfYWkbzEvQ4JakH7rOvHe0y8pHKF9OaFgwUZ2q7W2FFZmZzJYlfS", "~!@#$%^&*()      ~!@#$%^&*()PNBFRD"),
            ("$2a$12$EXRkfkdmXn2gzds2SSitu.MW9.gAVqa9eLS1//RYtYCmB1eLHg.9q", "abc"),
            ("$2b$10$abcdefghijklmnopqrstuu5C4Yfqg1mfiF5zAx/diiBP6Nyc9aTWm", "Zwölf Boxkämpfer-12"),
            ("$2y$10$CCCCCCCCCCCCCCCCCCCCC.KgQljzbljH4iwhlg3oTf8buusOTZRX6", "U*U"),
            (
                "$2a$10$.z73An.eUqQFDOlKHjNMPO6rA0LqRJiFVzr753sKj9sEnvaz/Ix0K",
                "___hello_i_am_72_chars_of___________________________________________data",
            ),
        ],
        HashAlgorithm::Bcrypt,
    );
}

/// A3: bcrypt below cost 10, above 16, of the faulty kind, cut short or with strange letters.
#[test]
fn bcrypt_bounds() {
    for text in [
        "$2a$08$HqWuK6/Ng6sg9gQzbLrgb.Tl.ZHfXLhvt/SgVyWhQqgqcZ7ZuUtye",
        "$2a$09$CmaUTtldsNCjYXpTikhnRuNHIj5BK236TCnlohzFKtncF9xjBvUwu",
        "$2a$17$k87L/MF28Q673VKh8/cPi.SUl7MU/rWuSiIDDFayrKk/1tBsSQu4u",
        "$2a$31$k87L/MF28Q673VKh8/cPi.SUl7MU/rWuSiIDDFayrKk/1tBsSQu4u",
        "$2a$99$k87L/MF28Q673VKh8/cPi.SUl7MU/rWuSiIDDFayrKk/1tBsSQu4u",
        "$2x$10$k87L/MF28Q673VKh8/cPi.SUl7MU/rWuSiIDDFayrKk/1tBsSQu4u",
        "$2$10$k87L/MF28Q673VKh8/cPi.SUl7MU/rWuSiIDDFayrKk/1tBsSQu4u",
        "$2a$10$k87L/MF28Q673VKh8/cPi.SUl7MU/rWuSiIDDFayrKk/1tBsSQu4",
        "$2a$10$k87L/MF28Q673VKh8/cPi.SUl7MU/rWuSiIDDFayrKk/1tBsSQu4uu",
        "$2a$1é$k87L/MF28Q673VKh8/cPi.SUl7MU/rWuSiIDDFayrKk/1tBsSQu4u",
        "$2a$10$k87L/MF28Q673VKh8=cPi.SUl7MU/rWuSiIDDFayrKk/1tBsSQu4u",
        "$2a$",
        "$2",
    ] {
        assert_refused(text);
    }
}

/// Import takes white space off the ends, and looks at nothing of absurd length.
#[test]
fn text_is_trimmed_and_bounded() {
    let hash = StoredHash::parse(" $2a$10$k87L/MF28Q673VKh8/cPi.SUl7MU/rWuSiIDDFayrKk/1tBsSQu4u\r\n").unwrap();
    assert_eq!(hash.as_str(), "$2a$10$k87L/MF28Q673VKh8/cPi.SUl7MU/rWuSiIDDFayrKk/1tBsSQu4u");
    assert_eq!(format!("{hash:?}"), "StoredHash(bcrypt, redacted)");
    assert_refused(&"A".repeat(1 << 20));
    for other in [
        "$1$abc$def",
        "$5$rounds=5000$salt$hash",
        "$6$",
        "$7$C6..../....SodiumChloride$x",
        "pbkdf2_sha256$1$a$b",
        "$",
        "$$$$",
    ] {
        assert_refused(other);
    }
}

/// A3, PBKDF2 as PHC string: Keycloak's own exports (27,500 iterations of SHA-256, keys of 32 and of
/// 64 bytes), and others; all checked against Python's `hashlib.pbkdf2_hmac`.
#[test]
fn pbkdf2_of_each_kind() {
    assert_vectors(
        &[
            (
                "$pbkdf2-sha256$i=27500,l=32$drB9e5Smf3cbfUfF3FUerw$RITBVPdh5pvXOa4JzJ5pZTE0rG96zhnQNmSsKCf83aU",
                "password",
            ),
            ("$pbkdf2-sha256$i=27500$AGHjXoWftkFxnk/dcZRNnA$9qur72LAICdhFeb2SpkJt2jbOYaxJ44g9T+E7bmJXxI", "user1"),
            (
                "$pbkdf2-sha256$i=27500,l=64$H1Yjwf5UUIip/deJSkNJ+Q==$gI7lGJLNUQfn6xcMUtLp0XnOIF3JdaoAj8IogosYZsDg4Q5cFxG5JkJrKZpR7mIG5MxlH346ikZKsiZovvFKDQ==",
                "user1",
            ),
            (
                "$pbkdf2-sha512$i=1000$b3N0aWFyeS1zYWx0LTE2Yg$rk/3dzYBrfMjBqxQ/WX2RSGhoInIrED8IsrOHBVunvLrgTvs4l6ZL++D1JQH3CKzHwj1voQVSjMaus6KHW2Xag",
                "Zwölf Boxkämpfer-12",
            ),
            ("$pbkdf2-sha1$i=4096,l=20$c2FsdHNhbHQ$uvmnsELc3OLJFBij7GP4qigZ+OI", "password"),
        ],
        HashAlgorithm::Pbkdf2,
    );
}

/// A3: PBKDF2 with missing, unknown or wild parameters; what is refused says why.
#[test]
fn pbkdf2_bounds() {
    let tail = "$drB9e5Smf3cbfUfF3FUerw$RITBVPdh5pvXOa4JzJ5pZTE0rG96zhnQNmSsKCf83aU";
    assert!(StoredHash::parse(&format!("$pbkdf2-sha256$i=2000000{tail}")).is_ok());
    for parameters in [
        "i=999",
        "i=2000001",
        "i=4294967296",
        "i=-1",
        "l=32",
        "i=27500,l=31",
        "i=27500,l=x",
        "i=27500,p=1",
        "v=1$i=27500",
        "",
    ] {
        assert_refused(&format!("$pbkdf2-sha256${parameters}{tail}"));
    }
    for text in [
        format!("$pbkdf2-md5$i=27500{tail}"),
        "$pbkdf2-sha256$i=27500$drB9e5Smf3cbfUfF3FUerw$RITBVPdh5pvXOa4J".to_owned(),
        "$pbkdf2-sha256$i=27500$drB9$RITBVPdh5pvXOa4JzJ5pZTE0rG96zhnQNmSsKCf83aU".to_owned(),
        "$pbkdf2-".to_owned(),
    ] {
        assert_refused(&text);
    }
    let said = |text: &str| StoredHash::parse(text).unwrap_err().to_string();
    assert!(said("$pbkdf2-sha256$i=9").contains("1000 to 2000000 iterations"));
    assert!(said("$2a$31$k87L").contains("cost 10 to 16"));
    assert!(said("$argon2id$v=19$m=4294967295,t=1,p=1$a$b").contains("262144 KiB"));
    assert!(said("$scrypt$ln=40").contains("256 MiB"));
    assert_eq!(said("$1$abc"), "is not a password hash in a form known here");
}

proptest! {
    /// A3: nothing that anybody puts in an import file makes the parser panic.
    #[test]
    fn any_text_is_read(text in any::<String>()) {
        let _judged = StoredHash::parse(&text);
    }

    /// A3: the same for texts that look nearly right; what is understood stays within the bounds of memory.
    #[test]
    fn near_misses_are_read(
        text in "\\$(argon2(id|i|d|x)|scrypt|pbkdf2-sha(1|256|512)|2[abxy])?(\\$v=[0-9]{1,3})?(\\$(m|ln|r|t|p|i)=[0-9]{1,11}(,(t|r|p|m|ln|l|data)=[0-9]{1,11}){0,4})?(\\$[A-Za-z0-9+/.=]{0,90}){0,3}"
    ) {
        let _judged = StoredHash::parse(&text);
    }

    /// A3: blobs of ASP.NET Core Identity with any content.
    #[test]
    fn any_blob_is_read(version in 0_u8..3, bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        use base64::Engine as _;
        let blob: Vec<u8> = std::iter::once(version).chain(bytes).collect();
        let text = base64::engine::general_purpose::STANDARD.encode(blob);
        let _judged = StoredHash::parse(&text);
    }
}
