//! Writes every page in every state as an HTML file, with the files it needs, into a directory (the argument; `target/gallery` without one):
//! to look at them in a browser, to take screenshots, to run a checker over them. Three sites: system, light, dark.
//!
//! `cargo run -p ostiary-app --example gallery`

mod samples;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use ostiary_app::assets;
use ostiary_app::model::{Site, SiteLinks, Theme};

fn main() -> std::io::Result<()> {
    let out = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "target/gallery".to_owned()));
    let public = Path::new(env!("CARGO_MANIFEST_DIR")).join("../public");
    fs::create_dir_all(&out)?;
    let mut index = String::from("<!doctype html><meta charset=utf-8><title>Gallery</title><ul>");
    for (theme, name) in [(Theme::System, "system"), (Theme::Light, "light"), (Theme::Dark, "dark")] {
        // Files are opened from disk: the "base path" is the gallery itself.
        let site = Site::new("Nordhavn Studio", ".").with_theme(theme).with_links(SiteLinks {
            help: Some("https://nordhavn.example/help".to_owned()),
            privacy: Some("https://nordhavn.example/privacy".to_owned()),
            terms: Some("https://nordhavn.example/terms".to_owned()),
        });
        let folder = out.join(name);
        fs::create_dir_all(folder.join("assets"))?;
        fs::copy(public.join("favicon.svg"), folder.join("favicon.svg"))?;
        for file in ["app.css", "app.js", "passkey.js"] {
            fs::copy(public.join(file), folder.join(assets::url(&site, file)))?;
        }
        for sample in samples::all() {
            fs::write(folder.join(format!("{}.html", sample.name)), (sample.html)(&site))?;
            // Writing to a String cannot fail.
            let _ = write!(index, "<li><a href=\"{name}/{0}.html\">{name}/{0}</a>", sample.name);
        }
    }
    fs::write(out.join("index.html"), index)
}
