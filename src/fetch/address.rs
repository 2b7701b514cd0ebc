//! Which addresses are those of the public internet.
//!
//! The list follows the registries of special-purpose addresses (RFC 6890 and its successors): what is not globally
//! reachable is refused, and so is what only wraps such an address.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

/// Whether we may connect to `ip`. `allowed` are networks that the operator opened; with `plain` (http) only those.
pub(super) fn may_connect(ip: IpAddr, allowed: &[IpNet], plain: bool) -> bool {
    let canonical = ip.to_canonical();
    allowed.iter().any(|net| net.contains(&canonical)) || (!plain && is_public(canonical))
}

/// Whether `ip` can be reached from anywhere.
pub(super) fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let is_special = match (a, b, c) {
        // This network; private use (RFC 1918); loopback; multicast, reserved and broadcast.
        (0 | 10 | 127 | 224..=255, _, _)
        // Carrier-grade NAT (RFC 6598), link-local (RFC 3927), private use, benchmarks (RFC 2544).
        | (100, 64..=127, _) | (169, 254, _) | (172, 16..=31, _) | (192, 168, _) | (198, 18 | 19, _)
        // Protocol assignments, documentation (RFC 5737), relays of 6to4 (RFC 7526).
        | (192, 0, 0 | 2) | (192, 88, 99) | (198, 51, 100) | (203, 0, 113) => true,
        _ => false,
    };
    !is_special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [first, second, third, middle @ .., high, low] = ip.segments();
    match (first, second) {
        // NAT64 (RFC 6052 §2.1): the last 32 bits are where it leads.
        (0x64, 0xff9b) => third == 0 && middle == [0; 3] && is_public_v4(embedded(high, low)),
        // 6to4 (RFC 3056 §2): the 32 bits behind the prefix are.
        (0x2002, _) => is_public_v4(embedded(second, third)),
        // Protocol assignments with Teredo (RFC 2928, RFC 4380), documentation (RFC 3849, RFC 9637).
        (0x2001, 0..=0x1ff | 0xdb8) | (0x3fff, 0..=0xfff) => false,
        // Global unicast (RFC 4291 §2.4). Everything else is unspecified, loopback, a unique local or link-local
        // address, multicast, or not assigned.
        _ => (0x2000..=0x3fff).contains(&first),
    }
}

fn embedded(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from((u32::from(high) << 16) | u32::from(low))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// D8: nothing of a private network, however it is written.
    #[test]
    fn special_addresses_are_not_public() {
        for ip in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::808:808",
            "64:ff9b::1:808:808",
            "2002:7f00:1::",
            "2002:a00:1::1",
            "2001::1",
            "2001:10::1",
            "2001:db8::1",
            "3fff::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "100::1",
            "5f00::1",
        ] {
            assert!(!is_public(ip.parse().unwrap()), "{ip}");
        }
    }

    #[test]
    fn the_rest_is() {
        for ip in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.1",
            "100.63.255.255",
            "100.128.0.1",
            "126.255.255.255",
            "172.15.255.255",
            "172.32.0.1",
            "192.0.1.1",
            "192.167.0.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.255",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "2002:808:808::1",
            "2001:4860:4860::8888",
            "2606:4700::1111",
            "2a00:1450::1",
        ] {
            assert!(is_public(ip.parse().unwrap()), "{ip}");
        }
    }

    /// D8: an opened network is open in every spelling of its addresses, and plain http is for nothing else.
    #[test]
    fn the_operator_may_open_a_network() {
        let allowed = ["10.1.0.0/16".parse().unwrap()];
        for (ip, plain, expected) in [
            ("10.1.2.3", false, true),
            ("10.1.2.3", true, true),
            ("::ffff:10.1.2.3", true, true),
            ("10.2.0.1", false, false),
            ("10.2.0.1", true, false),
            ("8.8.8.8", false, true),
            ("8.8.8.8", true, false),
        ] {
            assert_eq!(may_connect(ip.parse().unwrap(), &allowed, plain), expected, "{ip} {plain}");
        }
    }
}
