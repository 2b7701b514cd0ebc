//! People and applications of the domain as pages show them.

use ostiary::{
    clock::Timestamp,
    grant::InteractionView,
    session::SessionView,
    user_agent::{DeviceDescription, DeviceKind as DomainKind},
};

use crate::model::{Caller, DeviceKind, SessionRow, When};

/// The application behind an interaction.
pub(crate) fn caller(view: &InteractionView) -> Caller {
    Caller { logo: view.logo_path.clone(), ..application(&view.client_name, view.client_domain.clone()) }
}

/// An application. Its tint hangs on its name, which is what people know it by.
pub(super) fn application(name: &str, domain: Option<String>) -> Caller {
    Caller { id: name.to_owned(), name: name.to_owned(), domain, logo: None }
}

/// A moment.
pub(super) fn when(at: Timestamp, now: Timestamp) -> When {
    When::new(at.to_date_time(), now.to_date_time())
}

/// A session in a list.
pub(super) fn session_row(view: SessionView, now: Timestamp) -> SessionRow {
    SessionRow {
        id: view.id.to_string(),
        device: view.device.to_string(),
        kind: device_kind(view.device),
        ip: view.ip,
        since: when(view.created_at, now),
        active: when(view.last_active_at, now),
        applications: view.applications.iter().map(|app| application(&app.name, None)).collect(),
    }
}

fn device_kind(device: DeviceDescription) -> DeviceKind {
    match device.kind {
        DomainKind::Desktop | DomainKind::Unknown => DeviceKind::Computer,
        DomainKind::Phone | DomainKind::Tablet => DeviceKind::Phone,
        DomainKind::Tool => DeviceKind::Program,
    }
}
