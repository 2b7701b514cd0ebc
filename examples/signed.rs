//! Signs what clients sign, as much of it as `make bench` sends: DPoP proofs (RFC 9449 §4.2) and client assertions (RFC 7523
//! §3), one a line. The key is kept in a file, and made when there is none.
//!
//! `signed KEYFILE jwks` · `signed KEYFILE dpop URL COUNT` · `signed KEYFILE assertion CLIENT_ID AUDIENCE COUNT`
#![expect(clippy::print_stdout, reason = "an example prints its result")]
#![expect(clippy::disallowed_methods, reason = "proofs are made now, by somebody else's clock")]

use std::{
    error::Error,
    fs,
    time::{SystemTime, UNIX_EPOCH},
};

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let [file, rest @ ..] = words.as_slice() else { return Err("signed KEYFILE jwks|dpop|assertion …".into()) };
    let random = SystemRandom::new();
    if !fs::exists(file)? {
        fs::write(file, EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random)?)?;
    }
    let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &fs::read(file)?)?;
    let jwk = jwk(&key).ok_or("the key has another form than it should")?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let sign = |header: &Value, claims: &Value| {
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", encode(header), encode(claims));
        let signature = key.sign(&random, text.as_bytes())?;
        Ok::<_, Box<dyn Error>>(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
    };
    match rest {
        ["jwks"] => println!("{}", json!({ "keys": [jwk] })),
        ["dpop", url, count] => {
            let header = json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": jwk });
            for n in 0..count.parse::<u32>()? {
                let jti = format!("{now}-{}-{n}", std::process::id());
                println!("{}", sign(&header, &json!({ "htm": "POST", "htu": url, "iat": now, "jti": jti }))?);
            }
        }
        ["assertion", client, audience, count] => {
            for n in 0..count.parse::<u32>()? {
                let jti = format!("{now}-{}-{n}", std::process::id());
                let claims = json!({ "iss": client, "sub": client, "aud": audience, "exp": now + 300, "jti": jti });
                println!("{}", sign(&json!({ "alg": "ES256" }), &claims)?);
            }
        }
        _ => return Err("signed KEYFILE jwks|dpop URL COUNT|assertion CLIENT_ID AUDIENCE COUNT".into()),
    }
    Ok(())
}

fn jwk(key: &EcdsaKeyPair) -> Option<Value> {
    let (x, y) = key.public_key().as_ref().strip_prefix(&[4])?.split_at_checked(32)?;
    let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    Some(json!({ "kty": "EC", "crv": "P-256", "x": text(x), "y": text(y) }))
}
