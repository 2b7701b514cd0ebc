//! Taking everybody along (A12).

use super::*;

async fn exported(core: &TestCore, with_hashes: bool, limit: u32) -> Vec<ExportedUser> {
    let (mut users, mut after) = (Vec::new(), None);
    loop {
        let page = export_users(&core.operator(), ExportUsers { after, limit, with_hashes }).await.unwrap();
        users.extend(page.users);
        after = page.next;
        if after.is_none() {
            return users;
        }
    }
}

fn lines(users: &[ExportedUser]) -> String {
    users.iter().map(|user| serde_json::to_string(user).unwrap() + "\n").collect()
}

fn sheet(users: &[ExportedUser], with_hashes: bool) -> String {
    let mut bytes = Vec::new();
    let mut sheet = Sheet::open(&mut bytes, with_hashes).unwrap();
    for user in users {
        sheet.add(user).unwrap();
    }
    sheet.finish().unwrap();
    String::from_utf8(bytes).unwrap()
}

/// Everybody there may be: unproved, deactivated, with names that are formulas, and without anything.
async fn populate(core: &TestCore) {
    let file = concat!(
        "{\"email\":\"=cmd@nordhavn.example\",\"email_verified\":true,\"name\":\"=HYPERLINK(\\\"http://x\\\")\",\"username\":\"-x\"}\n",
        "{\"email\":\"bo@nordhavn.example\",\"name\":\"'=1, \\\"x\\\"\",\"given_name\":\"+1\",\"family_name\":\"@x\",\"locale\":\"da\",\"zone\":\"Europe/Copenhagen\",\"picture\":\"https://x.example/a\",\"active\":false}\n",
        "{\"email\":\"ada@nordhavn.example\",\"created_at\":\"2001-02-03T04:05:06Z\",\"external_ids\":{\"crm\":\"=1\",\"a.b\":\"2\"},\"password_hash\":\"$2b$10$abcdefghijklmnopqrstuu5C4Yfqg1mfiF5zAx/diiBP6Nyc9aTWm\"}\n",
    );
    assert_eq!(words(&run(core, Format::Lines, file, false).await), ["created"; 3]);
    member(core, MARA).await;
    register(&core.anonymous(), registration("new@nordhavn.example")).await.unwrap();
}

/// A12: what was exported is taken by an empty instance, in either form, and exported there it is the same.
#[tokio::test]
async fn there_and_back() {
    on_both_engines(async |core| {
        populate(&core).await;
        let users = exported(&core, true, 2).await;
        assert_eq!(users.len(), 5);
        let whole = lines(&users);
        for (format, file) in [(Format::Lines, whole.clone()), (Format::Csv, sheet(&users, true))] {
            let other = TestCore::sqlite().await;
            other.clock.advance(HOUR);
            assert_eq!(words(&run(&other, format, &file, false).await), ["created"; 5], "{file}");
            assert_eq!(lines(&exported(&other, true, 1000).await), whole);
            enter(&other, MARA, PASSWORD).await.unwrap();
        }
        let again = run(&core, Format::Csv, &sheet(&users, true), false).await;
        assert_eq!(words(&again), ["exists"; 5]);
    })
    .await;
}

/// A12: hashes only when asked for; no cell is a formula; an export is on record, and for operators.
#[tokio::test]
async fn an_export_holds_no_more_than_asked_for() {
    on_both_engines(async |core| {
        populate(&core).await;
        let users = exported(&core, false, 3).await;
        let (plain, table) = (lines(&users), sheet(&users, false));
        for text in [&plain, &table, &format!("{:?}", exported(&core, true, 3).await)] {
            assert!(!text.contains("$2b$") && !text.contains("$argon2"), "{text}");
        }
        assert!(!table.contains("password_hash") && sheet(&users, true).contains("password_hash"));
        for row in csv::Reader::from_reader(table.as_bytes()).records() {
            for cell in &row.unwrap() {
                assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
            }
        }
        assert_eq!(times_on_record(&core, AuditKind::UsersExported).await, 2);
        let denied = export_users(&core.anonymous(), ExportUsers { after: None, limit: 1, with_hashes: false }).await;
        assert!(matches!(denied, Err(ExportUsersError::Denied(_))));
    })
    .await;
}
