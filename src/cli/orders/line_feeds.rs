//! A file whose every line ends in one line feed, however it was written, so that its lines can be counted.

use std::io::{self, BufRead, BufReader, Read};

/// Turns CR LF into LF and ends the last line.
pub(super) struct LineFeeds<R> {
    inner: BufReader<R>,
    last: Option<u8>,
}

impl<R: Read> LineFeeds<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner: BufReader::with_capacity(1 << 18, inner), last: Some(b'\n') }
    }

    fn next_byte(&mut self) -> io::Result<Option<u8>> {
        let byte = match self.take()? {
            Some(b'\r') if self.inner.fill_buf()?.first() == Some(&b'\n') => self.take()?,
            Some(byte) => Some(byte),
            None if self.last.is_some_and(|last| last != b'\n') => Some(b'\n'),
            None => None,
        };
        self.last = byte;
        Ok(byte)
    }

    fn take(&mut self) -> io::Result<Option<u8>> {
        let byte = self.inner.fill_buf()?.first().copied();
        if byte.is_some() {
            self.inner.consume(1);
        }
        Ok(byte)
    }
}

impl<R: Read> Read for LineFeeds<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut written = 0;
        for place in out {
            let Some(byte) = self.next_byte()? else { break };
            *place = byte;
            written += 1;
        }
        Ok(written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_ends_in_one_line_feed() {
        for (text, expected) in [
            ("", ""),
            ("a", "a\n"),
            ("a\n", "a\n"),
            ("a\r\nb\r\n", "a\nb\n"),
            ("a\rb\r", "a\rb\r\n"),
            ("\r\n\n", "\n\n"),
        ] {
            let mut read = String::new();
            LineFeeds::new(text.as_bytes()).read_to_string(&mut read).unwrap();
            assert_eq!(read, expected, "{text:?}");
        }
    }
}
