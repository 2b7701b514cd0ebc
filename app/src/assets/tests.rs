use super::*;

fn accepting(value: &'static str) -> HeaderMap {
    HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(value))])
}

/// DESIGN: static files are hashed, immutable, compressed, below the instance's path.
#[tokio::test]
async fn a_hashed_file_is_immutable_and_compressed() {
    let url = url(&Site::new("House", "/auth"), "app.css");
    let file = url.strip_prefix("/auth/assets/").unwrap().to_owned();
    assert!(file.starts_with("app-") && file.split('.').next_back() == Some("css"));
    for (accept, coding) in [
        ("gzip, deflate, br", Some("br")),
        ("gzip", Some("gzip")),
        ("br;q=0, GZIP;q=0.5", Some("gzip")),
        ("identity", None),
    ] {
        let response = asset(Path(file.clone()), accepting(accept)).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers().get(CONTENT_ENCODING).map(|v| v.to_str().unwrap()), coding, "{accept}");
        assert_eq!(response.headers()[CACHE_CONTROL], "public, max-age=31536000, immutable");
        assert_eq!(response.headers()[CONTENT_TYPE], "text/css; charset=utf-8");
        assert_eq!(response.headers()[VARY], "accept-encoding");
    }
}

#[tokio::test]
async fn another_content_is_not_found() {
    for file in ["app.css", "app-0000000000000000.css", "../Cargo.toml", ""] {
        assert_eq!(asset(Path(file.to_owned()), HeaderMap::new()).await.status(), StatusCode::NOT_FOUND, "{file}");
    }
}

#[tokio::test]
async fn the_icon_is_there() {
    let response = favicon(HeaderMap::new()).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[CONTENT_TYPE], "image/svg+xml");
}

/// The whole look costs less than 10 KB on the wire.
#[test]
fn the_stylesheet_is_small() {
    let css = &ASSETS.iter().find(|a| a.name == "app.css").unwrap().plain;
    assert!(brotli(css).len() < 10_000, "{}", brotli(css).len());
    assert!(gzip(css).len() < 10_000, "{}", gzip(css).len());
}

#[test]
fn compressed_is_the_same_content() {
    use std::io::Read as _;
    let css = &ASSETS.iter().find(|a| a.name == "app.css").unwrap().plain;
    let (mut from_gzip, mut from_brotli) = (Vec::new(), Vec::new());
    flate2::read::GzDecoder::new(&gzip(css)[..]).read_to_end(&mut from_gzip).unwrap();
    ::brotli::BrotliDecompress(&mut &brotli(css)[..], &mut from_brotli).unwrap();
    assert!(from_gzip == css[..] && from_brotli == css[..]);
}
