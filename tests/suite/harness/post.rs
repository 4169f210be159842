//! A mail server that takes every letter and remembers it: what it has taken twice, a customer has read twice. It refuses
//! the addresses that it is told to refuse, and hangs up on others once it has their letters.

use std::collections::BTreeMap;
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
    refused: Arc<Mutex<BTreeMap<String, Manner>>>,
}

/// How an address is treated otherwise than well.
#[derive(Clone, Debug)]
enum Manner {
    /// This is answered when it is named.
    Answer(String),
    /// Its letter is taken, and nobody is told.
    HangUp,
}

impl PostOffice {
    /// Opens one on a port of the system's choice.
    pub(crate) fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let office = Self {
            address: listener.local_addr().expect("an address"),
            taken: Arc::default(),
            refused: Arc::default(),
        };
        let (taken, refused) = (Arc::clone(&office.taken), Arc::clone(&office.refused));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (taken, refused) = (Arc::clone(&taken), Arc::clone(&refused));
                // A conversation that breaks off is the client's affair.
                std::thread::spawn(move || talk(&stream, &taken, &refused).ok());
            }
        });
        office
    }

    /// Answers this whenever the address is named.
    pub(crate) fn refuse(&self, address: &str, answer: &str) {
        self.treat(address, Manner::Answer(answer.to_owned()));
    }

    /// Takes the letters to an address and hangs up without a word.
    pub(crate) fn hang_up_on(&self, address: &str) {
        self.treat(address, Manner::HangUp);
    }

    /// Treats the address well again.
    pub(crate) fn welcome(&self, address: &str) {
        self.refused.lock().expect("no panic").remove(address);
    }

    fn treat(&self, address: &str, manner: Manner) {
        self.refused.lock().expect("no panic").insert(address.to_owned(), manner);
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

fn talk(
    stream: &TcpStream,
    taken: &Mutex<Vec<Kept>>,
    refused: &Mutex<BTreeMap<String, Manner>>,
) -> std::io::Result<()> {
    let mut hangs_up = false;
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
                if hangs_up {
                    return Ok(());
                }
                answer("250 taken")?;
            }
            "RCPT" => {
                let address = command.split(['<', '>']).nth(1).unwrap_or_default();
                let manner = refused.lock().expect("no panic").get(address).cloned();
                hangs_up = matches!(manner, Some(Manner::HangUp));
                match manner {
                    Some(Manner::Answer(text)) => answer(&text)?,
                    Some(Manner::HangUp) | None => answer("250 fine")?,
                }
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
