//! What can be an e-mail address; whether it is one is seen when a letter arrives.

/// Characters of an e-mail address at most. Source: RFC 5321, section 4.5.3.1.
const LENGTH_MAX: usize = 254;

/// Whether the text has the form of an address.
pub fn is_address(text: &str) -> bool {
    let sane =
        text.chars().count() <= LENGTH_MAX && !text.chars().any(|letter| letter.is_whitespace() || letter.is_control());
    sane && text.rsplit_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_two_sides_and_a_domain() {
        for text in ["ana@shop.example", "زينة@متجر.example", "\"a@b\"@shop.example"] {
            assert!(is_address(text), "{text}");
        }
        for text in ["", "ana", "ana@", "@shop.example", "ana@shop", "ana@.example", "a b@shop.example", "a@b.c\n"] {
            assert!(!is_address(text), "{text}");
        }
    }
}
