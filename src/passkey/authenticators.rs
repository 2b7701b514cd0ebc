//! What authenticators are called, by their model (AAGUID, WebAuthn L3 §6.5.2): the ones people mostly have. The numbers are
//! published by their makers; what is not in the table has no name here, and works just as well.

use uuid::{Uuid, uuid};

/// Something that makes and keeps passkeys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authenticator {
    /// What people call it.
    pub name: &'static str,
    /// What it is, to choose a picture by.
    pub kind: AuthenticatorKind,
}

/// What an authenticator is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthenticatorKind {
    /// Part of a device or its system.
    Device,
    /// A password manager.
    Manager,
    /// A key to plug in or hold near.
    SecurityKey,
}

/// The authenticator of this model, if it is known.
pub fn authenticator_of(aaguid: Uuid) -> Option<&'static Authenticator> {
    KNOWN.iter().find(|(known, _)| *known == aaguid).map(|(_, authenticator)| authenticator)
}

const fn device(name: &'static str) -> Authenticator {
    Authenticator { name, kind: AuthenticatorKind::Device }
}

const fn manager(name: &'static str) -> Authenticator {
    Authenticator { name, kind: AuthenticatorKind::Manager }
}

const fn security_key(name: &'static str) -> Authenticator {
    Authenticator { name, kind: AuthenticatorKind::SecurityKey }
}

const KNOWN: &[(Uuid, Authenticator)] = &[
    (uuid!("fbfc3007-154e-4ecc-8c0b-6e020557d7bd"), manager("iCloud Keychain")),
    (uuid!("dd4ec289-e01d-41c9-bb89-70fa845d4bf2"), manager("iCloud Keychain (managed)")),
    (uuid!("ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4"), manager("Google Password Manager")),
    (uuid!("adce0002-35bc-c60a-648b-0b25f1f05503"), device("Chrome on Mac")),
    (uuid!("771b48fd-d3d4-4f74-9232-fc157ab0507a"), device("Edge on Mac")),
    (uuid!("b5397666-4885-aa6b-cebf-e52262a439a2"), device("Chromium browser")),
    (uuid!("08987058-cadc-4b81-b6e1-30de50dcbe96"), device("Windows Hello")),
    (uuid!("9ddd1817-af5a-4672-a2b9-3e3dd95000a9"), device("Windows Hello")),
    (uuid!("6028b017-b1d4-4c02-b4b3-afcdafc96bb2"), device("Windows Hello")),
    (uuid!("53414d53-554e-4700-0000-000000000000"), manager("Samsung Pass")),
    (uuid!("bada5566-a7aa-401f-bd96-45619a55120d"), manager("1Password")),
    (uuid!("d548826e-79b4-db40-a3d8-11116f7e8349"), manager("Bitwarden")),
    (uuid!("531126d6-e717-415c-9320-3d9aa6981239"), manager("Dashlane")),
    (uuid!("b84e4048-15dc-4dd0-8640-f4f60813c8af"), manager("NordPass")),
    (uuid!("0ea242b4-43c4-4a1b-8b17-dd6d0b6baec6"), manager("Keeper")),
    (uuid!("f3809540-7f14-49c1-a8b3-8f813b225541"), manager("Enpass")),
    (uuid!("fdb141b2-5d84-443e-8a35-4698c205a502"), manager("KeePassXC")),
    (uuid!("50726f74-6f6e-5061-7373-50726f746f6e"), manager("Proton Pass")),
    (uuid!("bfc748bb-3429-4faa-b9f9-7cfa9f3b76d0"), manager("iPasswords")),
    (uuid!("39a5647e-1853-446c-a1f6-a79bae9f5bc7"), device("IDmelon")),
    (uuid!("cb69481e-8ff7-4039-93ec-0a2729a154a8"), security_key("YubiKey 5")),
    (uuid!("ee882879-721c-4913-9775-3dfcce97072a"), security_key("YubiKey 5")),
    (uuid!("fa2b99dc-9e39-4257-8f92-4a30d23c4118"), security_key("YubiKey 5 NFC")),
    (uuid!("2fc0579f-8113-47ea-b116-bb5a8db9202a"), security_key("YubiKey 5 NFC")),
    (uuid!("c5ef55ff-ad9a-4b9f-b580-adebafe026d0"), security_key("YubiKey 5Ci")),
    (uuid!("73bb0cd4-e502-49b8-9c6f-b59445bf720b"), security_key("YubiKey 5 FIPS")),
    (uuid!("c1f9a0bc-1dd2-404a-b27f-8e29047a43fd"), security_key("YubiKey 5 NFC FIPS")),
    (uuid!("85203421-48f9-4355-9bc8-8a53846e5083"), security_key("YubiKey 5Ci FIPS")),
    (uuid!("d8522d9f-575b-4866-88a9-ba99fa02f35b"), security_key("YubiKey Bio")),
    (uuid!("f8a011f3-8c0a-4d15-8006-17111f9edc7d"), security_key("Security Key by Yubico")),
    (uuid!("b92c3f9a-c014-4056-887f-140a2501163b"), security_key("Security Key by Yubico")),
    (uuid!("6d44ba9b-f6ec-2e49-b930-0c8fe920cb73"), security_key("Security Key NFC by Yubico")),
    (uuid!("149a2021-8ef6-4133-96b8-81f8d5b7f1f5"), security_key("Security Key NFC by Yubico")),
    (uuid!("a4e9fc6d-4cbe-4758-b8ba-37598bb5bbaa"), security_key("Security Key NFC by Yubico")),
    (uuid!("42b4fb4a-2866-43b2-9bf7-6c6669c2e5d3"), security_key("Google Titan Security Key")),
    (uuid!("8876631b-d4a0-427f-5773-0ec71c9e0279"), security_key("Solo")),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// B1
    #[test]
    fn each_model_has_one_name() {
        let models: BTreeSet<_> = KNOWN.iter().map(|(aaguid, _)| aaguid).collect();
        assert_eq!(models.len(), KNOWN.len());
        assert_eq!(authenticator_of(Uuid::nil()), None);
        let known = authenticator_of(uuid!("2fc0579f-8113-47ea-b116-bb5a8db9202a"));
        assert_eq!(known.map(|known| known.kind), Some(AuthenticatorKind::SecurityKey));
    }
}
