//! From where a request comes.
//!
//! `X-Forwarded-For` is a list that every proxy appends to, and a client may begin it with anything. So it is read from the
//! right, as long as the address that appended is one of ours; the first address that is not is the sender's.

use std::net::{IpAddr, SocketAddr};

use axum::extract::Request;
use http::{HeaderMap, HeaderName, header};
use ipnet::IpNet;
use ostiary::core::RequestMeta;

use crate::{ServerState, listen::Peer};

static FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Longest user agent that is kept, in characters.
const USER_AGENT_CHARS: usize = 512;

/// What is known of the sender, and a fresh correlation id.
pub(super) fn read(state: &ServerState, request: &Request) -> RequestMeta {
    let trusted = &state.core().config().server.trusted_proxies;
    RequestMeta {
        // Pages read it from their cookie.
        browser: None,
        ip: peer(request).map(|peer| sender(peer, trusted, request.headers())),
        user_agent: request
            .headers()
            .get(header::USER_AGENT)
            .map(|value| String::from_utf8_lossy(value.as_bytes()).chars().take(USER_AGENT_CHARS).collect()),
        correlation_id: state.core().new_id(),
    }
}

/// Whether the other end of the connection is a proxy of ours.
pub(super) fn from_trusted_proxy(state: &ServerState, request: &Request) -> bool {
    peer(request).is_some_and(|peer| is_trusted(peer, &state.core().config().server.trusted_proxies))
}

fn peer(request: &Request) -> Option<IpAddr> {
    request.extensions().get::<Peer>().map(|peer| peer.0.ip().to_canonical())
}

fn is_trusted(ip: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|net| net.contains(&ip))
}

fn sender(peer: IpAddr, trusted: &[IpNet], headers: &HeaderMap) -> IpAddr {
    let mut nearest = peer;
    let lists: Vec<&str> = headers.get_all(&FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok()).collect();
    let hops = lists.iter().rev().flat_map(|list| list.rsplit(','));
    for hop in hops {
        if !is_trusted(nearest, trusted) {
            break;
        }
        match address(hop.trim()) {
            Some(ip) => nearest = ip,
            // What one of our proxies could not say, nobody before it can.
            None => break,
        }
    }
    nearest
}

/// An address, perhaps with a port, perhaps in brackets.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    let ip = bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()))?;
    Some(IpAddr::to_canonical(&ip))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(peer: &str, trusted: &[&str], forwarded: &[&str]) -> String {
        let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().unwrap()).collect();
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(&FORWARDED_FOR, value.parse().unwrap());
        }
        sender(peer.parse().unwrap(), &trusted, &headers).to_string()
    }

    /// I6: only trusted proxies may say where a request comes from.
    #[test]
    fn strangers_are_not_believed() {
        assert_eq!(told("203.0.113.9", &[], &["192.0.2.1"]), "203.0.113.9");
        assert_eq!(told("203.0.113.9", &["10.0.0.0/8"], &["192.0.2.1"]), "203.0.113.9");
    }

    /// I6: the rightmost address that is not ours; what stands before it may be invented.
    #[test]
    fn the_rightmost_stranger_is_the_sender() {
        let ours = ["10.0.0.0/8", "fd00::/8"];
        assert_eq!(told("10.0.0.1", &ours, &["192.0.2.1"]), "192.0.2.1");
        assert_eq!(told("10.0.0.1", &ours, &["6.6.6.6, 192.0.2.1, 10.2.3.4"]), "192.0.2.1");
        assert_eq!(told("10.0.0.1", &ours, &["6.6.6.6", "192.0.2.1", "10.2.3.4"]), "192.0.2.1");
        assert_eq!(told("10.0.0.1", &ours, &["192.0.2.1:4711"]), "192.0.2.1");
        assert_eq!(told("fd00::1", &ours, &["[2001:db8::5]:443"]), "2001:db8::5");
        assert_eq!(told("10.0.0.1", &ours, &["::ffff:192.0.2.1"]), "192.0.2.1");
    }

    #[test]
    fn an_unreadable_hop_ends_the_search() {
        let ours = ["10.0.0.0/8"];
        assert_eq!(told("10.0.0.1", &ours, &["192.0.2.1, unknown"]), "10.0.0.1");
        assert_eq!(told("10.0.0.1", &ours, &["192.0.2.1, unknown, 10.0.0.2"]), "10.0.0.2");
        assert_eq!(told("10.0.0.1", &ours, &[""]), "10.0.0.1");
        assert_eq!(told("10.0.0.1", &ours, &["10.0.0.3"]), "10.0.0.3");
    }
}
