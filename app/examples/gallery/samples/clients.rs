//! The applications of the instance, as its administrators see them.

use ostiary_app::model::{ClientRow, ClientSort, ClientsPage, Room};

use super::{Samples, account::room, caller, text, when, wiki};

fn admin() -> Room {
    Room { is_admin: true, ..room(None) }
}

fn row(id: &str, sort: ClientSort) -> ClientRow {
    ClientRow {
        id: text(id),
        caller: caller(),
        sort,
        has_secret: sort != ClientSort::Public,
        is_enabled: true,
        differs: false,
        changed: when("2026-11-02T08:00:00Z", "2 November"),
    }
}

pub(super) fn clients(samples: &mut Samples) {
    let rows = vec![
        row("blockyard", ClientSort::Web),
        ClientRow { caller: wiki(), differs: true, ..row("studio-wiki", ClientSort::Web) },
        ClientRow { caller: wiki(), is_enabled: false, ..row("yard-cli-7Q2M", ClientSort::Public) },
        row("0198a7f2c1d27e6c9b6b6a1f0c2d3e4f", ClientSort::Machine),
    ];
    let page = ClientsPage {
        room: admin(),
        total: 29,
        search: String::new(),
        is_later: false,
        rows,
        next: Some(text("studio-wiki")),
    };
    samples.add("admin-clients", page.clone());
    let found = ClientsPage { search: text("a&b \"wiki\""), is_later: true, ..page.clone() };
    samples.add("admin-clients-found", found);
    samples.add("admin-clients-none", ClientsPage { total: 0, rows: vec![], next: None, ..page });
}
