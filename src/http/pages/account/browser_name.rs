//! Where and in what a session is begun, coarsely: enough that its owner knows it again, too little to follow anybody.

use std::net::IpAddr;

use actix_web::HttpRequest;
use actix_web::http::header::USER_AGENT;
use ipnet::IpNet;

use crate::http::edge::Conversation;
use crate::http::pages::session::Begun;

/// Bits of an address that are kept: its network, as providers give them out.
const V4_BITS: u8 = 24;
const V6_BITS: u8 = 48;

/// What a browser's word for itself contains, and its name; the first that fits, since most claim to be others too.
const BROWSERS: [(&str, &str); 6] = [
    ("Firefox/", "Firefox"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
];
/// The same for systems.
const SYSTEMS: [(&str, &str); 6] = [
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

/// Where and in what this request's session is begun.
pub(super) fn begun(request: &HttpRequest) -> Begun {
    let agent = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Begun { network: network(Conversation::of(request).address), browser: name(agent) }
}

fn network(address: IpAddr) -> String {
    let bits = if address.is_ipv4() { V4_BITS } else { V6_BITS };
    IpNet::new(address, bits).map(|network| network.trunc().to_string()).unwrap_or_default()
}

/// The names of browser and system; empty where neither is known.
fn name(agent: &str) -> String {
    let named =
        |known: &[(&str, &'static str)]| known.iter().find(|(word, _)| agent.contains(word)).map(|(_, name)| *name);
    named(&BROWSERS).into_iter().chain(named(&SYSTEMS)).collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_coarsely() {
        for (address, told) in [("192.0.2.77", "192.0.2.0/24"), ("2001:db8:1:2::7", "2001:db8:1::/48")] {
            assert_eq!(network(address.parse().unwrap()), told);
        }
    }

    #[test]
    fn browsers_are_told_by_name() {
        let chrome =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36";
        let edge = format!("{} Edg/142.0", chrome.replace("X11; Linux", "Windows NT 10.0"));
        assert_eq!((name(chrome), name(&edge)), ("Chrome · Linux".to_owned(), "Edge · Windows".to_owned()));
        assert_eq!((name("curl/8.5"), name("<script>")), ("curl".to_owned(), String::new()));
    }
}
