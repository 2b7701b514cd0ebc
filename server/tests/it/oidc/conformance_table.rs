//! `server/src/oidc/CONFORMANCE.md` is complete and true to the tree: every module of the certification lists has a row, and
//! every test that a row names is there.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

/// Names of the modules, below the name of their list.
const MODULES: &str = include_str!("conformance_modules.txt");
const TABLE: &str = include_str!("../../../src/oidc/CONFORMANCE.md");

/// What a row says when no test stands for the module: there is nothing to test, or it is still to be done.
const EXCUSES: [&str; 2] = ["Does not apply: ", "No test yet: "];

fn lists() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let mut lists: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    let mut list = "";
    for line in MODULES.lines().filter(|line| !line.is_empty()) {
        match line.strip_prefix("# ") {
            Some(name) => list = name,
            None => assert!(lists.entry(list).or_default().insert(line), "{line} is there twice"),
        }
    }
    lists
}

/// The rows of the table: list, module, and what stands for it.
fn rows() -> Vec<(&'static str, &'static str, &'static str)> {
    let mut rows = Vec::new();
    let mut list = "";
    for line in TABLE.lines() {
        if let Some(name) = line.strip_prefix("## ") {
            list = name;
        } else if let Some(row) = line.strip_prefix("| `") {
            let (module, rest) = row.split_once("` | ").unwrap_or_else(|| panic!("no second column: {line}"));
            rows.push((list, module, rest.strip_suffix(" |").unwrap_or_else(|| panic!("no end: {line}"))));
        }
    }
    rows
}

/// What is between backticks.
fn quoted(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// D8: no module of a list is forgotten, and none is invented.
#[test]
fn every_module_has_one_row() {
    let mut expected = lists();
    for (list, module, _) in rows() {
        let modules = expected.get_mut(list).unwrap_or_else(|| panic!("no list is called {list}"));
        assert!(modules.remove(module), "{list}: {module} is no module, or there twice");
    }
    expected.retain(|_, modules| !modules.is_empty());
    assert!(expected.is_empty(), "modules without a row: {expected:#?}");
}

/// D8: a row names tests that exist, or says why there is nothing to test.
#[test]
fn every_row_names_tests_that_exist() {
    for (list, module, cell) in rows() {
        if let Some(reason) = EXCUSES.iter().find_map(|excuse| cell.strip_prefix(excuse)) {
            assert!(reason.len() > 20, "{list}: {module}: say why");
            continue;
        }
        let mut tests = 0;
        for test in quoted(cell) {
            let (path, name) = test.split_once("::").map_or((test, None), |(path, name)| (path, Some(name)));
            let text =
                std::fs::read_to_string(root().join(path)).unwrap_or_else(|_| panic!("{module}: no file {path}"));
            if Path::new(path).extension().is_some_and(|end| end == "rs") {
                let name = name.unwrap_or_else(|| panic!("{module}: {path} names no function"));
                assert!(text.contains(&format!("fn {name}(")), "{module}: no {name} in {path}");
            } else {
                assert!(path.starts_with("end2end/tests/") && path.ends_with(".spec.ts"), "{module}: {path}");
                assert!(name.is_none_or(|name| text.contains(name)), "{module}: no test {name:?} in {path}");
            }
            tests += 1;
        }
        assert!(tests > 0, "{list}: {module} has neither a test nor a reason");
    }
}
