//! People who come from elsewhere (A12).

mod again;
mod export;
mod formats;
mod streams;

use super::*;

/// All that a file says.
fn read(core: &TestCore, format: Format, file: &str) -> Vec<Entry> {
    let mut reader = Reader::open(file.as_bytes(), format, None, core.now()).unwrap();
    std::iter::from_fn(|| reader.next_entry().unwrap()).collect()
}

async fn run(core: &TestCore, format: Format, file: &str, update: bool) -> Vec<Imported> {
    let cmd = ImportUsers { entries: read(core, format, file), update };
    import_users(&core.operator(), cmd).await.unwrap()
}

/// What a dry run says, one user at a time.
async fn rehearse(core: &TestCore, format: Format, file: &str, update: bool) -> Vec<Imported> {
    let rehearsal = Rehearsal::begin().await.unwrap();
    let mut report = Vec::new();
    for entry in read(core, format, file) {
        let cmd = ImportUsers { entries: vec![entry], update };
        report.extend(rehearsal.import_users(&core.operator(), cmd).await.unwrap());
    }
    report
}

fn words(report: &[Imported]) -> Vec<&'static str> {
    report.iter().map(|imported| imported.outcome.word()).collect()
}

/// What is said of the users that were refused.
fn reasons(report: &[Imported]) -> Vec<String> {
    let reasons = report.iter().filter_map(|imported| match &imported.outcome {
        Outcome::Refused(refused) => {
            let refused: Vec<String> = refused.iter().map(ToString::to_string).collect();
            Some(format!("{}: {}", imported.place, refused.join("; ")))
        }
        _ => None,
    });
    reasons.collect()
}

async fn found(core: &TestCore, identifier: &str) -> User {
    find_user(&core.operator(), identifier).await.unwrap()
}

async fn external_ids(core: &TestCore, id: UserId) -> std::collections::BTreeMap<String, String> {
    crate::account::import::external_ids_of(&mut core.db().read().await.unwrap(), id).await.unwrap()
}
