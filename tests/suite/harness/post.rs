//! A mail server that takes every letter and remembers it: what it has taken twice, a customer has read twice.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use mail_parser::MessageParser;
use makegood::domain::id::OutboxId;
use makegood::mail::Kept;

/// A running mail server.
#[derive(Clone, Debug)]
pub(crate) struct PostOffice {
    address: SocketAddr,
    taken: Arc<Mutex<Vec<Kept>>>,
}

impl PostOffice {
    /// Opens one on a port of the system's choice.
    pub(crate) fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let office = Self { address: listener.local_addr().expect("an address"), taken: Arc::default() };
        let taken = Arc::clone(&office.taken);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let taken = Arc::clone(&taken);
                // A conversation that breaks off is the client's affair.
                std::thread::spawn(move || talk(&stream, &taken).ok());
            }
        });
        office
    }

    /// What `MAKEGOOD_SMTP_URL` says.
    pub(crate) fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// The letters that it took, each as often as it took it.
    pub(crate) fn taken(&self) -> Vec<Kept> {
        self.taken.lock().expect("no panic").clone()
    }
}

fn talk(stream: &TcpStream, taken: &Mutex<Vec<Kept>>) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?);
    let answer = |text: &str| (&*stream).write_all(format!("{text}\r\n").as_bytes());
    answer("220 post.example ESMTP")?;
    loop {
        let mut command = String::new();
        if lines.read_line(&mut command)? == 0 {
            return Ok(());
        }
        match command.split([' ', '\r', ':']).next().unwrap_or_default().to_ascii_uppercase().as_str() {
            "EHLO" => answer("250-post.example\r\n250 8BITMIME")?,
            "DATA" => {
                answer("354 go on")?;
                let letter = content(&mut lines)?;
                // From here on the server has it, whether or not the client hears that it does.
                taken.lock().expect("no panic").push(read(&letter));
                answer("250 taken")?;
            }
            "QUIT" => return answer("221 bye"),
            _ => answer("250 fine")?,
        }
    }
}

/// The lines up to the dot that ends them.
fn content(lines: &mut impl BufRead) -> std::io::Result<Vec<u8>> {
    let mut letter = Vec::new();
    loop {
        let mut line = Vec::new();
        if lines.read_until(b'\n', &mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line == b".\r\n" {
            return Ok(letter);
        }
        letter.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}

/// A letter tells by its id which row of the outbox it left by.
fn read(letter: &[u8]) -> Kept {
    let mail = MessageParser::default().parse(letter).expect("a letter");
    let id = mail.message_id().and_then(|id| id.split('@').next()).unwrap_or_default();
    let id = OutboxId::parse(id).unwrap_or_else(|error| panic!("{id:?}: {error}"));
    Kept::parse(&id, letter).expect("a letter")
}
