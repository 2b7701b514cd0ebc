//! Vectors and bounds of scrypt and Argon2.

use super::*;

/// A3, scrypt: RFC 7914 §12 (64 bytes, and its first 32 as passlib writes them), `test_handlers_scrypt.py` of passlib
/// 1.7.4, passlib with other parameters, and dnsdist of `PowerDNS`, which pads.
#[test]
fn scrypt_of_each_kind() {
    assert_vectors(
        &[
            (
                "$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw",
                "pleaseletmein",
            ),
            ("$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofI", "pleaseletmein"),
            ("$scrypt$ln=8,r=8,p=1$wlhLyXmP8b53bm1NKYVQqg$mTpvG8lzuuDk+DWz8HZIB6Vum6erDuUm0As5yU+VxWA", "test"),
            ("$scrypt$ln=8,r=2,p=1$dO6d0xoDoLT2PofQGoNQag$g/Wf2A0vhHhaJM+addK61QPBthSmYB6uVTtQzh8CM3o", "password"),
            ("$scrypt$ln=1,r=4,p=2$yhnD+J+Tci4lZCwFgHCuVQ$fAsEWmxSHuC0cHKMwKVFPzrQukgvK09Sj+NueTSxKds", "nacl"),
            (
                "$scrypt$ln=15,r=8,p=3$b3N0aWFyeS1zYWx0LTE2Yg$Kazu6mhjFIMTKM9zvqU1k0s05xECbI7pvswPEoIjOIo",
                "Zwölf Boxkämpfer-12",
            ),
            ("$scrypt$ln=10,p=1,r=8$6DKLnvUYEeXWh3JNOd3iwg==$kSrhdHaRbZ7R74q3lGBqO1xetgxRxhmWzYJ2Qvfm7JM=", "secret"),
        ],
        HashAlgorithm::Scrypt,
    );
}

/// A3: scrypt with missing, unknown or wild parameters.
#[test]
fn scrypt_bounds() {
    let tail = "$wvif8/4fg1Cq9V7L2dv73w$bJcLia1lyfQ1X2x0xflehwVXPzWIUQWWdnlGwfVzBeQ";
    assert!(StoredHash::parse(&format!("$scrypt$ln=18,r=8,p=4{tail}")).is_ok()); // 256 MiB, 1 GiB in all
    for parameters in [
        "ln=10,r=1",
        "ln=0,r=1,p=1",
        "ln=1,r=A,p=1",
        "ln=10,r=0,p=1",
        "ln=10,r=8,p=0",
        "ln=19,r=8,p=1",
        "ln=21,r=1,p=1",
        "ln=63,r=8,p=1",
        "ln=64,r=8,p=1",
        "ln=4294967295,r=4294967295,p=4294967295",
        "ln=18,r=8,p=5",
        "ln=14,r=8,p=65",
        "ln=14,r=65,p=1",
        "ln=14,r=8,p=1,x=1",
        "",
    ] {
        assert_refused(&format!("$scrypt${parameters}{tail}"));
    }
    for text in [
        "$scrypt$ln=10,r=8,p=1",
        "$scrypt$ln=10,r=8,p=1$wvif8/4fg1Cq9V7L2dv73w",
        "$scrypt$ln=10,r=8,p=1$wvif8/4fg1Cq9V7L2dv73w$",
        "$scrypt$ln=10,r=8,p=1$wvif8/4fg1Cq9V7L2dv73w$bJcLia1lyfQ1X2x0",
        "$scrypt$ln=10,r=8,p=1$!$bJcLia1lyfQ1X2x0xflehwVXPzWIUQWWdnlGwfVzBeQ",
        "$scrypt$v=1$ln=10,r=8,p=1$wvif8/4fg1Cq9V7L2dv73w$bJcLia1lyfQ1X2x0xflehwVXPzWIUQWWdnlGwfVzBeQ",
        "$scrypt$",
    ] {
        assert_refused(text);
    }
}

/// A3, Argon2: `src/test.c` of the reference implementation P-H-C/phc-winner-argon2 (`somesalt`; the first without
/// version), and argon2-cffi 25.1 over the same code.
#[test]
fn argon2_of_each_kind() {
    let boxer = "Zwölf Boxkämpfer-12";
    assert_vectors(
        &[
            ("$argon2i$m=65536,t=2,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ", "password"),
            ("$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8", "password"),
            ("$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA", "password"),
            ("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", "password"),
            ("$argon2i$v=19$m=19456,t=2,p=1$b3N0aWFyeS1zYWx0LTE2Yg$4+RUvI5blpJXzPYePEPV3rDIPs4gdNkS8gA2clTXR00", boxer),
            ("$argon2d$v=19$m=19456,t=2,p=1$b3N0aWFyeS1zYWx0LTE2Yg$kJM8QqCRkKSGSKIz56GHJk0UbZBqoL096pVBkjEUq10", boxer),
            (
                "$argon2id$v=19$m=12288,t=3,p=1$b3N0aWFyeS1zYWx0LTE2Yg$bbDze8uwkbfclN/jyMq8ZuvuU/RBHZvnPqrMBbNHtQQ",
                boxer,
            ),
            (
                "$argon2id$v=19$m=65536,t=3,p=4$b3N0aWFyeS1zYWx0LTE2Yg$10yGvrTY7MLLTIcYnLG+eeTslrlcemWrXqGq4Ud6Gd4",
                boxer,
            ),
            (
                "$argon2id$v=19$m=19456,t=2,p=1$b3N0aWFyeS1zYWx0LTE2Yg$2NgXUvVHqvLcd8HkmLp6a6V4f/zAN1peAX1ugk0hKrBAH6o/jBVy37pEEEb1sioxUCNo14h4kf0g47PjpKSqDQ",
                boxer,
            ),
        ],
        HashAlgorithm::Argon2,
    );
}

/// A3: Argon2 with missing, unknown or wild parameters, and one that needs a key.
#[test]
fn argon2_bounds() {
    let tail = "$b3N0aWFyeS1zYWx0LTE2Yg$ushVyuDtfGTLRZNgHbIm51Xi8FEvXw0xWkINKMWQ3ZE";
    assert!(StoredHash::parse(&format!("$argon2id$v=19$m=262144,t=4,p=16{tail}")).is_ok());
    for parameters in [
        "m=19456,t=2",
        "t=2,p=1",
        "m=262145,t=1,p=1",
        "m=262144,t=5,p=1",
        "m=19456,t=4294967295,p=1",
        "m=4294967295,t=1,p=1",
        "m=19456,t=2,p=17",
        "m=19456,t=0,p=1",
        "m=19456,t=2,p=0",
        "m=7,t=2,p=1",
        "m=31,t=2,p=4",
        "m=19456,t=2,p=1,keyid=AAAA",
        "m=19456,t=2,p=1,data=AAAA",
        "m=-1,t=2,p=1",
        "m=1e4,t=2,p=1",
        "",
    ] {
        assert_refused(&format!("$argon2id$v=19${parameters}{tail}"));
    }
    for text in [
        "$argon2id$v=18$m=19456,t=2,p=1$b3N0aWFyeS1zYWx0LTE2Yg$ushVyuDtfGTLRZNgHbIm51Xi8FEvXw0xWkINKMWQ3ZE",
        "$argon2x$v=19$m=19456,t=2,p=1$b3N0aWFyeS1zYWx0LTE2Yg$ushVyuDtfGTLRZNgHbIm51Xi8FEvXw0xWkINKMWQ3ZE",
        "$argon2id$v=19$m=19456,t=2,p=1$b3N0aWFyeS1zYWx0LTE2Yg",
        "$argon2id$v=19$m=19456,t=2,p=1$b3N0$ushVyuDtfGTLRZNgHbIm51Xi8FEvXw0xWkINKMWQ3ZE",
        "$argon2id$v=19$m=19456,t=2,p=1$b3N0aWFyeS1zYWx0LTE2Yg$ushVyuDtfGTLRZNg",
        "$argon2id$v=19$m=19456,t=2,p=1$b3N0aWFyeS1zYWx0LTE2Yg$ushVyuDtfGTLRZNgHbIm51Xi8FEvXw0xWkINKMWQ3ZE$more",
        "$argon2id",
        "$argon2",
    ] {
        assert_refused(text);
    }
}
