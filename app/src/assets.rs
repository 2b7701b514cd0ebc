//! Stylesheet, script and icon: embedded in the binary, named by their content, compressed once, cached for good.
//!
//! A name like `/assets/app-3f2a….css` never changes its meaning, so browsers and proxies may keep it for ever; a new build has new names.
//! Compressing happens at the first request that accepts it, not at start.

use std::io::Write as _;
use std::sync::{LazyLock, OnceLock};

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use http::{HeaderMap, HeaderValue, StatusCode};
use rust_embed::Embed;

use crate::model::Site;

#[derive(Embed)]
#[folder = "$CARGO_MANIFEST_DIR/../public"]
struct Public;

const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");

struct Asset {
    name: String,
    hashed: String,
    kind: HeaderValue,
    plain: axum::body::Bytes,
    brotli: OnceLock<axum::body::Bytes>,
    gzip: OnceLock<axum::body::Bytes>,
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    Public::iter()
        .filter_map(|name| {
            let file = Public::get(&name)?;
            let (stem, extension) = name.rsplit_once('.')?;
            let hash =
                file.metadata.sha256_hash().iter().take(8).fold(0_u64, |hash, byte| hash << 8 | u64::from(*byte));
            let kind = match extension {
                "css" => "text/css; charset=utf-8",
                "js" => "text/javascript; charset=utf-8",
                "svg" => "image/svg+xml",
                "png" => "image/png",
                _ => "application/octet-stream",
            };
            Some(Asset {
                hashed: format!("{stem}-{hash:016x}.{extension}"),
                kind: HeaderValue::from_static(kind),
                plain: match file.data {
                    std::borrow::Cow::Borrowed(data) => axum::body::Bytes::from_static(data),
                    std::borrow::Cow::Owned(data) => data.into(),
                },
                name: name.into_owned(),
                brotli: OnceLock::new(),
                gzip: OnceLock::new(),
            })
        })
        .collect()
});

/// The address of the file `name` of `public/`, below the instance's path. A name that is not there gives the plain address, which
/// answers 404.
pub fn url(site: &Site, name: &str) -> String {
    let hashed = ASSETS.iter().find(|asset| asset.name == name).map_or(name, |asset| &asset.hashed);
    format!("{}/assets/{hashed}", site.base_path())
}

/// `GET /assets/{file}`: the file of this very content, or 404.
pub async fn asset(Path(file): Path<String>, headers: HeaderMap) -> Response {
    match ASSETS.iter().find(|asset| asset.hashed == file) {
        Some(asset) => answer(asset, FOREVER, &headers),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// `GET /favicon.svg`.
pub async fn favicon(headers: HeaderMap) -> Response {
    match ASSETS.iter().find(|asset| asset.name == "favicon.svg") {
        Some(asset) => answer(asset, A_DAY, &headers),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn answer(asset: &Asset, cache: HeaderValue, headers: &HeaderMap) -> Response {
    let common = [
        (CONTENT_TYPE, asset.kind.clone()),
        (CACHE_CONTROL, cache),
        (VARY, HeaderValue::from_static("accept-encoding")),
    ];
    match encoding(headers) {
        Some("br") => {
            let body = asset.brotli.get_or_init(|| brotli(&asset.plain)).clone();
            (common, [(CONTENT_ENCODING, "br")], body).into_response()
        }
        Some("gzip") => {
            let body = asset.gzip.get_or_init(|| gzip(&asset.plain)).clone();
            (common, [(CONTENT_ENCODING, "gzip")], body).into_response()
        }
        _ => (common, asset.plain.clone()).into_response(),
    }
}

/// The better of the two encodings we have, if the request accepts one (RFC 9110 §12.5.3; a weight of zero is a refusal).
fn encoding(headers: &HeaderMap) -> Option<&'static str> {
    let accepts = |coding: &str| {
        headers
            .get_all(ACCEPT_ENCODING)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|item| {
                let mut parts = item.split(';').map(str::trim);
                let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
                named
                    && !parts
                        .any(|part| part.strip_prefix("q=").is_some_and(|q| q.parse::<f32>().is_ok_and(|q| q <= 0.0)))
            })
    };
    ["br", "gzip"].into_iter().find(|coding| accepts(coding))
}

fn brotli(data: &[u8]) -> axum::body::Bytes {
    let mut out = Vec::new();
    // A window of 64 KiB holds the whole file and keeps the encoder's memory small.
    let params =
        brotli::enc::BrotliEncoderParams { quality: 9, lgwin: 16, size_hint: data.len(), ..Default::default() };
    // Reading from and writing to memory cannot fail.
    let _ = brotli::BrotliCompress(&mut &data[..], &mut out, &params);
    out.into()
}

fn gzip(data: &[u8]) -> axum::body::Bytes {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    // Writing to memory cannot fail.
    let _ = encoder.write_all(data);
    encoder.finish().unwrap_or_default().into()
}

#[cfg(test)]
mod tests;
