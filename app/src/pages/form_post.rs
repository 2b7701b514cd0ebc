//! An answer that travels to the application in a form (OAuth 2.0 Form Post Response Mode §2): the script sends it at once;
//! without one, a button does.

use leptos::prelude::*;

use super::{Page, head};
use crate::{
    components::{Button, Door, Kind, door},
    model::{FormPostPage, Site},
};

impl Page for FormPostPage {
    fn title(&self, _: &Site) -> String {
        "Going back to the application".to_owned()
    }

    fn view(self, site: &Site) -> AnyView {
        let fields = self.fields.into_iter();
        let fields = fields.map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view();
        let panel = view! {
            {head("One step is left", "The application gets its answer with this form.")}
            <form class="grid" method="post" action=self.action data-send="">
                {fields}
                <Button kind=Kind::Primary>"Go on"</Button>
            </form>
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: false })
    }
}
