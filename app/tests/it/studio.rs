//! An organisation with people in it, for the tests of its pages.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use ostiary::{
    account::find_user,
    id::UserId,
    org::{Builtin, OrganizationRef, add_member},
    testing::TestCore,
};

use super::visitor::{Answer, PASSWORD, Visitor, person_called};

pub(crate) const MARA: &str = "mara@nordhavn.example";
pub(crate) const AIKO: &str = "aiko@nordhavn.example";
pub(crate) const RUBEN: &str = "ruben@nordhavn.example";

pub(crate) async fn signed_in(core: &TestCore, email: &str) -> Visitor {
    let mut visitor = Visitor::new(core);
    visitor.post("/do/sign-in", &[("username", email), ("password", PASSWORD)]).await.redirects_to("/account");
    visitor
}

pub(crate) async fn id_of(core: &TestCore, email: &str) -> UserId {
    find_user(&core.operator(), email).await.unwrap().id
}

/// The value of a hidden field, such as the version of what a form speaks of.
pub(crate) fn hidden(answer: &Answer, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    answer.shows(&mark);
    let (_, rest) = answer.html.split_once(&mark).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// Mara's studio, with Aiko and Ruben in it.
pub(crate) struct Studio {
    pub(crate) mara: Visitor,
    pub(crate) aiko: Visitor,
    pub(crate) aiko_id: String,
    pub(crate) ruben_id: String,
    pub(crate) id: String,
}

pub(crate) async fn studio(core: &TestCore, aikos: Builtin) -> Studio {
    for (email, name) in [(MARA, "mara"), (AIKO, "aiko"), (RUBEN, "ruben")] {
        person_called(core, email, name).await;
    }
    let mut mara = signed_in(core, MARA).await;
    let fields = [("organization_name", "Nordhavn Studio"), ("slug", "nordhavn")];
    mara.post("/do/create-organization", &fields).await.redirects_to("/organizations/nordhavn");
    let organization = OrganizationRef::parse("nordhavn").unwrap();
    let (aiko_id, ruben_id) = (id_of(core, AIKO).await, id_of(core, RUBEN).await);
    add_member(&core.operator(), &organization, aiko_id, aikos.id()).await.unwrap();
    add_member(&core.operator(), &organization, ruben_id, Builtin::Viewer.id()).await.unwrap();
    let id = hidden(&mara.get("/organizations/nordhavn/settings").await, "organization");
    let aiko = signed_in(core, AIKO).await;
    Studio { mara, aiko, aiko_id: aiko_id.to_string(), ruben_id: ruben_id.to_string(), id }
}

impl Studio {
    /// The page of Ruben, as `visitor` sees it.
    pub(crate) fn ruben(&self) -> String {
        format!("/organizations/nordhavn/members/{}", self.ruben_id)
    }
}
