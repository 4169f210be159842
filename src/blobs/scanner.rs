//! The virus scanner: ClamAV's `clamd`, asked by INSTREAM. Whatever it does not plainly call clean is not clean.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use clamav_client::tokio as clamd;
use futures_util::Stream;

/// Bytes of one chunk of the protocol.
const CHUNK_BYTES: usize = 64 * 1024;

/// A scan takes so long at most; files are small, and one that takes longer is tried again.
const SCAN_TIMEOUT: Duration = Duration::from_secs(60);

/// Whether it answers is known by then.
const PING_TIMEOUT: Duration = Duration::from_secs(3);

/// Where the scanner is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scanner {
    /// Host and port.
    Tcp(String),
    /// A socket in the file system.
    Unix(PathBuf),
}

/// What it says of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing was found.
    Clean,
    /// This was found.
    Infected(String),
}

impl Scanner {
    /// Asks about a file; an error is no word at all.
    pub(super) async fn scan(&self, file: impl Stream<Item = io::Result<Bytes>>) -> io::Result<Verdict> {
        let chunk = Some(CHUNK_BYTES);
        let asked = async {
            match self {
                Self::Tcp(address) => clamd::scan_stream(file, clamd::Tcp { host_address: address }, chunk).await,
                Self::Unix(path) => clamd::scan_stream(file, clamd::Socket { socket_path: path }, chunk).await,
            }
        };
        read(&in_time(SCAN_TIMEOUT, asked).await?)
    }

    /// Whether it answers.
    pub(super) async fn ping(&self) -> io::Result<()> {
        let asked = async {
            match self {
                Self::Tcp(address) => clamd::ping(clamd::Tcp { host_address: address }).await,
                Self::Unix(path) => clamd::ping(clamd::Socket { socket_path: path }).await,
            }
        };
        let answer = in_time(PING_TIMEOUT, asked).await?;
        if answer.starts_with(b"PONG") { Ok(()) } else { Err(not_understood(&answer)) }
    }
}

async fn in_time<T>(limit: Duration, asked: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    tokio::time::timeout(limit, asked).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

/// Reads `stream: OK`, `stream: NAME FOUND`; nothing else is an answer, `INSTREAM size limit exceeded. ERROR` neither.
fn read(answer: &[u8]) -> io::Result<Verdict> {
    let text = String::from_utf8_lossy(answer);
    let text = text.trim_matches(|letter: char| letter == '\0' || letter.is_whitespace());
    let Some(word) = text.strip_prefix("stream: ") else { return Err(not_understood(answer)) };
    match word.strip_suffix(" FOUND") {
        Some(name) => Ok(Verdict::Infected(name.chars().filter(|letter| !letter.is_control()).take(100).collect())),
        None if word == "OK" => Ok(Verdict::Clean),
        None => Err(not_understood(answer)),
    }
}

fn not_understood(answer: &[u8]) -> io::Error {
    let text: String = String::from_utf8_lossy(answer).chars().take(100).collect();
    io::Error::new(io::ErrorKind::InvalidData, format!("the scanner answered {:?}", text.trim_matches('\0')))
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn only_a_scanner_is_taken_for_one() {
        for (answer, is_scanner) in [(&b"PONG\0"[..], true), (b"HTTP/1.1 400", false), (b"", false)] {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let scanner = Scanner::Tcp(listener.local_addr().unwrap().to_string());
            let served = tokio::spawn(async move {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut asked = [0; 6];
                stream.read_exact(&mut asked).await.unwrap();
                stream.write_all(answer).await.unwrap();
                asked
            });
            assert_eq!(scanner.ping().await.is_ok(), is_scanner);
            assert_eq!(&served.await.unwrap(), b"zPING\0");
        }
    }

    #[test]
    fn only_its_plain_word_makes_a_file_clean() {
        assert_eq!(read(b"stream: OK\0").unwrap(), Verdict::Clean);
        assert_eq!(read(b"stream: OK\n").unwrap(), Verdict::Clean);
        let found = read(b"stream: Win.Test.EICAR_HDB-1 FOUND\0").unwrap();
        assert_eq!(found, Verdict::Infected("Win.Test.EICAR_HDB-1".to_owned()));
        for answer in [
            b"".as_slice(),
            b"OK",
            b"stream: ",
            b"stream: OK FOUN",
            b"stream: NOT OK",
            b"INSTREAM size limit exceeded. ERROR\0",
            b"stream: Can't allocate memory ERROR\0",
            b"UNKNOWN COMMAND",
        ] {
            assert!(read(answer).is_err(), "{:?}", String::from_utf8_lossy(answer));
        }
    }
}
