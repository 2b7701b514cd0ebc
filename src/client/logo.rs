//! Pictures of clients (D10).
//!
//! A client says where its logo is, and browsers of people who sign in would go there: its server would learn who
//! stands at our door, could change the picture under our name, or answer with something that is no picture. So a logo
//! is fetched once, by us, decoded, and made anew: a small PNG without anything that only the original carried. It is
//! served from here, under the digest of its bytes. A logo that cannot be had or read is no error: initials stand in.

mod store;

use std::io::Cursor;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use image::{DynamicImage, ImageFormat, ImageReader, Limits, imageops::FilterType};
use url::Url;

pub(crate) use store::forget_unused as forget_unused_logos;

use crate::{clock::Timestamp, core::Core, db::Tx, error::Internal, secret::Digest};

/// Largest picture that is fetched, bytes.
const MAX_BYTES: usize = 512 * 1024;
/// Largest side of a picture that is decoded, pixels.
const MAX_SIDE: u32 = 4096;
/// Most memory that decoding may take.
const MAX_MEMORY: u64 = 64 * 1024 * 1024;
/// Largest side of the picture that is made, pixels.
const SIDE: u32 = 128;

/// A picture of our making.
pub(crate) struct Logo {
    uri: Url,
    digest: Digest,
    png: Vec<u8>,
}

/// Fetches a logo. None when there is none that can be shown; why is in the log.
pub(crate) async fn fetch_logo(core: &Core, uri: Option<&Url>) -> Option<Logo> {
    let uri = uri?;
    let fetched = core.fetcher().get(uri, "image/png, image/webp, image/jpeg, image/gif", MAX_BYTES).await;
    let body = fetched.inspect_err(|error| tracing::info!(%uri, %error, "a logo cannot be fetched")).ok()?.body;
    let made = tokio::task::spawn_blocking(move || make(&body)).await.ok().flatten();
    if made.is_none() {
        tracing::info!(%uri, "a logo is no PNG, JPEG, WebP or GIF that can be read");
    }
    let png = made?;
    Some(Logo { uri: uri.clone(), digest: Digest::of(&png), png })
}

/// The picture, decoded and made anew.
fn make(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let is_known =
        |format| matches!(format, ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP | ImageFormat::Gif);
    reader.format().filter(|&format| is_known(format))?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_MEMORY);
    reader.limits(limits);
    let picture = reader.decode().ok()?;
    let is_large = picture.width() > SIDE || picture.height() > SIDE;
    let small = if is_large { picture.resize(SIDE, SIDE, FilterType::Triangle) } else { picture };
    let mut png = Cursor::new(Vec::new());
    DynamicImage::ImageRgba8(small.into_rgba8()).write_to(&mut png, ImageFormat::Png).ok()?;
    Some(png.into_inner())
}

/// Makes `logo` that of a client, or leaves it without one.
pub(crate) async fn put_logo(tx: &mut Tx, client_id: &str, logo: Option<Logo>, now: Timestamp) -> Result<(), Internal> {
    match logo {
        Some(Logo { uri, digest, png }) => {
            store::insert(tx, digest, png, now).await?;
            store::assign(tx, client_id, uri.into(), digest, now).await
        }
        None => store::remove(tx, client_id).await,
    }
}

/// The picture under this name, a PNG.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn find_logo(core: &Core, name: &str) -> Result<Option<Vec<u8>>, Internal> {
    let digest = URL_SAFE_NO_PAD.decode(name).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let Some(digest) = digest.map(Digest::from) else { return Ok(None) };
    let mut conn = core.db().read().await?;
    store::find(&mut conn, digest).await
}

/// The name of a picture.
pub(crate) fn logo_name(digest: Digest) -> String {
    URL_SAFE_NO_PAD.encode(digest.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let picture = DynamicImage::new_rgb8(width, height);
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn size(png: &[u8]) -> (u32, u32) {
        let read = ImageReader::with_format(Cursor::new(png), ImageFormat::Png).decode().unwrap();
        (read.width(), read.height())
    }

    /// D8: every format that is taken becomes a small PNG; small ones are not blown up.
    #[test]
    fn pictures_are_made_anew() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Gif] {
            assert_eq!(size(&make(&picture(512, 256, format)).unwrap()), (128, 64), "{format:?}");
            assert_eq!(size(&make(&picture(16, 16, format)).unwrap()), (16, 16), "{format:?}");
        }
    }

    /// D8: nothing of the original but its pixels survives.
    #[test]
    fn nothing_else_survives() {
        let mut bytes = picture(8, 8, ImageFormat::Png);
        bytes.extend_from_slice(b"<script>alert(1)</script>");
        let made = make(&bytes).unwrap();
        assert!(!made.windows(7).any(|part| part == b"<script"));
    }

    /// D8: what is no picture, or a bomb, is nothing.
    #[test]
    fn what_is_no_picture_is_refused() {
        let svg = br#"<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>"#;
        let cut = &picture(64, 64, ImageFormat::Png)[..60];
        let wide = picture(MAX_SIDE + 1, 1, ImageFormat::Png);
        for bytes in [&b""[..], b"GIF89a", b"\x89PNG\r\n\x1a\n", svg, cut, &wide] {
            assert!(make(bytes).is_none());
        }
    }
}
