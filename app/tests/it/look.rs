//! The stylesheet fits the pages.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use ostiary_app::model::Site;

use super::samples::all;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every class that a page uses is in the stylesheet: a new utility without a new build of it would silently do nothing.
#[test]
fn every_class_has_its_rule() {
    let css = fs::read_to_string(root().join("public/app.css")).unwrap().replace('\\', "");
    let site = Site::new("House", "");
    let mut missing = BTreeSet::new();
    for sample in all() {
        let html = (sample.html)(&site);
        // What stands in an attribute is escaped (HTML §13.3).
        let html = html.replace("&gt;", ">").replace("&amp;", "&");
        for classes in html.split(" class=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            missing.extend(
                classes.split_whitespace().filter(|class| !css.contains(&format!(".{class}"))).map(str::to_owned),
            );
        }
    }
    assert!(missing.is_empty(), "run `make css`; without a rule: {missing:?}");
}

/// `public/app.css` is what `style/build.sh` makes of today's sources, byte for byte. Skipped where Node's packages are not installed.
#[test]
fn the_stylesheet_is_fresh() {
    if !root().join("node_modules/@tailwindcss/cli").exists() {
        return;
    }
    let fresh = std::env::temp_dir().join(format!("ostiary-app-{}.css", std::process::id()));
    let status = Command::new("sh").arg(root().join("style/build.sh")).arg(&fresh).status().unwrap();
    assert!(status.success());
    let same = fs::read(&fresh).unwrap() == fs::read(root().join("public/app.css")).unwrap();
    fs::remove_file(&fresh).unwrap();
    assert!(same, "public/app.css is older than its sources: run `make css`");
}
