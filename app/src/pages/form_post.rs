//! The way back to an application that asked for a form.

use leptos::prelude::*;

use super::{Page, head};
use crate::components::{Button, Door, Kind, door};
use crate::model::{FormPostPage, Site};

impl Page for FormPostPage {
    fn title(&self, _: &Site) -> String {
        "One more step".to_owned()
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let sentence = if self.host.is_empty() {
            "The application waits for your answer.".to_owned()
        } else {
            format!("{} waits for your answer.", self.host)
        };
        let fields =
            self.fields.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
        let panel = view! {
            {head(title, sentence)}
            <form class="grid" method="post" action=self.action data-send="now">
                {fields.collect_view()}
                <Button kind=Kind::Primary>"Continue"</Button>
            </form>
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: false })
    }
}
