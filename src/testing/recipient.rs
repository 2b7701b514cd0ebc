//! Somebody we encrypt for, who can read it.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    agreement::{self, ECDH_P256, UnparsedPublicKey},
    cipher::{AES_128, DecryptionContext, PaddedBlockDecryptingKey, UnboundCipherKey},
    encoding::{AsDer as _, Pkcs8V1Der},
    hmac, iv,
    rsa::{
        KeyPair, KeySize, OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey, PrivateDecryptingKey, PublicKeyComponents,
    },
    signature::KeyPair as _,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// Somebody with an RSA and a P-256 key for encryption (RFC 7516).
pub struct Recipient {
    rsa: KeyPair,
    ec: agreement::PrivateKey,
}

impl Default for Recipient {
    fn default() -> Self {
        Self {
            rsa: KeyPair::generate(KeySize::Rsa2048).unwrap(),
            ec: agreement::PrivateKey::generate(&ECDH_P256).unwrap(),
        }
    }
}

impl Recipient {
    /// Their public keys, `use: enc`.
    pub fn jwks(&self) -> Value {
        let rsa = PublicKeyComponents::<Vec<u8>>::from(self.rsa.public_key());
        let point = self.ec.compute_public_key().unwrap();
        let [n, e, x, y] = [&rsa.n, &rsa.e, &point.as_ref()[1..33], &point.as_ref()[33..]]
            .map(|bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes));
        json!({ "keys": [
            { "kty": "RSA", "use": "enc", "kid": "rsa-enc", "n": n, "e": e },
            { "kty": "EC", "use": "enc", "kid": "ec-enc", "crv": "P-256", "x": x, "y": y },
        ] })
    }

    /// The header and the content of a compact JWE; none when it is not for them or was changed on the way.
    pub fn open(&self, jwe: &str) -> Option<(Value, String)> {
        let parts: Vec<_> = jwe.split('.').collect();
        let [header_text, encrypted_key, iv, ciphertext, tag] = parts.try_into().ok()?;
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
        let header: Value = serde_json::from_slice(&decode(header_text)?).ok()?;
        let cek = match header["alg"].as_str()? {
            "RSA-OAEP-256" => self.unwrap(&decode(encrypted_key)?)?,
            "ECDH-ES" if encrypted_key.is_empty() => self.agree(&header)?,
            _ => return None,
        };
        let (iv, ciphertext, tag) = (decode(iv)?, decode(ciphertext)?, decode(tag)?);
        let plain = match header["enc"].as_str()? {
            "A256GCM" => {
                let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &cek).ok()?);
                let nonce = Nonce::try_assume_unique_for_key(&iv).ok()?;
                let mut both = [ciphertext, tag].concat();
                key.open_in_place(nonce, Aad::from(header_text.as_bytes()), &mut both).ok()?.to_vec()
            }
            "A128CBC-HS256" => open_cbc(&cek, &iv, header_text, ciphertext, &tag)?,
            _ => return None,
        };
        Some((header, String::from_utf8(plain).ok()?))
    }

    fn unwrap(&self, encrypted: &[u8]) -> Option<Vec<u8>> {
        let pkcs8: Pkcs8V1Der<'_> = self.rsa.as_der().ok()?;
        let key = OaepPrivateDecryptingKey::new(PrivateDecryptingKey::from_pkcs8(pkcs8.as_ref()).ok()?).ok()?;
        let mut buffer = vec![0; key.min_output_size()];
        Some(key.decrypt(&OAEP_SHA256_MGF1SHA256, encrypted, &mut buffer, None).ok()?.to_vec())
    }

    /// RFC 7518 §4.6.2, written out instead of called: a second opinion.
    fn agree(&self, header: &Value) -> Option<Vec<u8>> {
        let coordinate = |name: &str| URL_SAFE_NO_PAD.decode(header["epk"][name].as_str()?).ok();
        let point = [&[4][..], &coordinate("x")?, &coordinate("y")?].concat();
        let enc = header["enc"].as_str()?;
        agreement::agree(&self.ec, UnparsedPublicKey::new(&ECDH_P256, point), (), |z| {
            let mut round = vec![0, 0, 0, 1];
            round.extend(z);
            round.extend(u32::try_from(enc.len()).unwrap().to_be_bytes());
            round.extend(enc.as_bytes());
            round.extend([0; 8]);
            round.extend(256_u32.to_be_bytes());
            Ok(crate::secret::Digest::of(&round).as_bytes().to_vec())
        })
        .ok()
    }
}

fn open_cbc(cek: &[u8], iv: &[u8], header: &str, mut ciphertext: Vec<u8>, tag: &[u8]) -> Option<Vec<u8>> {
    let (mac_key, enc_key) = cek.split_at(16);
    let bits = (u64::try_from(header.len()).unwrap() * 8).to_be_bytes();
    let authenticated = [header.as_bytes(), iv, &ciphertext, &bits].concat();
    let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, mac_key), &authenticated);
    if &mac.as_ref()[..16] != tag {
        return None;
    }
    let key = PaddedBlockDecryptingKey::cbc_pkcs7(UnboundCipherKey::new(&AES_128, enc_key).ok()?).ok()?;
    let context = DecryptionContext::Iv128(iv::FixedLength::try_from(iv).ok()?);
    Some(key.decrypt(&mut ciphertext, context).ok()?.to_vec())
}
