//! The headers of an incoming webhook, free of any web framework.

/// Headers by lower-case name, in the order in which they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WebhookHeaders(Vec<(String, Vec<u8>)>);

impl WebhookHeaders {
    /// Takes names in any case with their raw values.
    pub fn new<N: AsRef<str>, V: AsRef<[u8]>>(pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        let lower = |(name, value): (N, V)| (name.as_ref().to_ascii_lowercase(), value.as_ref().to_vec());
        Self(pairs.into_iter().map(lower).collect())
    }

    /// The text of a header that stands there exactly once. A repeated one counts as missing: which of the two a
    /// sender or a proxy meant is not ours to guess.
    pub fn only(&self, name: &str) -> Option<&str> {
        let mut values = self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value);
        match (values.next(), values.next()) {
            (Some(value), None) => std::str::from_utf8(value).ok(),
            (Some(_) | None, Some(_)) | (None, None) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_header_counts_as_missing() {
        let headers = WebhookHeaders::new([("Webhook-Id", "a"), ("X", "1"), ("x", "2")]);
        assert_eq!(headers.only("webhook-id"), Some("a"));
        assert_eq!(headers.only("x"), None);
        assert_eq!(headers.only("y"), None);
    }
}
