//! A virus scanner for tests: speaks clamd's INSTREAM, finds what every scanner finds, and misbehaves on demand.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};

use makegood::config::Clamd;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::files;

/// How it behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Mood {
    /// Answers.
    Well,
    /// Takes the connection and closes it.
    Rude,
    /// Answers something that is no answer.
    Confused,
    /// Says that the file is too large for it.
    Full,
}

const MOODS: [Mood; 4] = [Mood::Well, Mood::Rude, Mood::Confused, Mood::Full];

/// A scanner that is listening; it stops with this value.
pub(crate) struct Scanner {
    address: String,
    mood: Arc<AtomicU8>,
    asked: Arc<AtomicUsize>,
    listening: JoinHandle<()>,
}

impl Scanner {
    /// One in this mood.
    pub(crate) async fn start(mood: Mood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let (mood, asked) = (Arc::new(AtomicU8::new(number(mood))), Arc::new(AtomicUsize::new(0)));
        let (current, count) = (Arc::clone(&mood), Arc::clone(&asked));
        let listening = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(answer(stream, MOODS[usize::from(current.load(Ordering::SeqCst))]));
            }
        });
        Self { address, mood, asked, listening }
    }

    /// Where it is, as the configuration says it.
    pub(crate) fn clamd(&self) -> Clamd {
        Clamd::Tcp(self.address.clone())
    }

    /// From now on it behaves like this.
    pub(crate) fn becomes(&self, mood: Mood) {
        self.mood.store(number(mood), Ordering::SeqCst);
    }

    /// How often it was asked.
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Drop for Scanner {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

fn number(mood: Mood) -> u8 {
    u8::try_from(MOODS.iter().position(|known| *known == mood).expect("a mood")).expect("few moods")
}

async fn answer(mut stream: TcpStream, mood: Mood) {
    if mood == Mood::Rude {
        return;
    }
    let Ok(file) = read(&mut stream).await else { return };
    let virus = files::eicar();
    let answer: &[u8] = match mood {
        Mood::Confused => b"stream: WHAT\0",
        Mood::Full => b"INSTREAM size limit exceeded. ERROR\0",
        Mood::Rude | Mood::Well if file.windows(virus.len()).any(|window| window == virus.as_bytes()) => {
            b"stream: Eicar-Test-Signature FOUND\0"
        }
        Mood::Rude | Mood::Well => b"stream: OK\0",
    };
    // Who asked may be gone.
    let _gone = stream.write_all(answer).await;
}

async fn read(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut command = [0; 10];
    stream.read_exact(&mut command).await?;
    assert_eq!(&command, b"zINSTREAM\0");
    let mut file = Vec::new();
    loop {
        let length = usize::try_from(stream.read_u32().await?).expect("a length");
        if length == 0 {
            return Ok(file);
        }
        let mut chunk = vec![0; length];
        stream.read_exact(&mut chunk).await?;
        file.extend(chunk);
    }
}
