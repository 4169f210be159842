//! Sealing: a file in segments, each encrypted and authenticated with its place in the file, so that none can be left out,
//! moved or cut off, and none has to wait for the others. At no time is more than a segment in memory.
//!
//! XChaCha20-Poly1305 in STREAM form, under a key of the file's own (`keys`). A sealed file is its mark, the nonce, and
//! the segments.

use std::io;

use bytes::{Buf, Bytes, BytesMut};
use chacha20poly1305::aead::KeyInit;
use chacha20poly1305::aead::generic_array::GenericArray;
use chacha20poly1305::aead::stream::{DecryptorBE32, EncryptorBE32};
use chacha20poly1305::{Key, XChaCha20Poly1305};
use futures_util::{Stream, StreamExt};
use tokio::io::AsyncReadExt;

use super::keys::{FileKey, KeyError, random};

/// Plain bytes of a segment.
pub(super) const SEGMENT_BYTES: usize = 64 * 1024;

/// What a segment grows by.
const TAG_BYTES: usize = 16;

/// What a sealed file begins with: what it is, and in which form.
const MARK: &[u8; 4] = b"MGE\x01";

/// The nonce without the counter and the last segment's mark.
const NONCE_BYTES: usize = 19;

const HEAD_BYTES: usize = MARK.len() + NONCE_BYTES;

/// Takes plain bytes in, gives sealed ones out.
pub(super) struct Sealer {
    cipher: EncryptorBE32<XChaCha20Poly1305>,
    segment: Vec<u8>,
}

impl Sealer {
    /// Begins a file; the bytes that it begins with.
    pub(super) fn begin(key: &FileKey) -> Result<(Self, Vec<u8>), KeyError> {
        let nonce = random::<NONCE_BYTES>()?;
        let cipher = XChaCha20Poly1305::new(Key::from_slice(key.as_slice()));
        let cipher = EncryptorBE32::from_aead(cipher, GenericArray::from_slice(nonce.as_slice()));
        let head = [MARK.as_slice(), nonce.as_slice()].concat();
        Ok((Self { cipher, segment: Vec::with_capacity(SEGMENT_BYTES) }, head))
    }

    /// Takes bytes in; `out` gets each segment that became full.
    pub(super) fn push(&mut self, mut bytes: &[u8], mut out: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        while !bytes.is_empty() {
            // A full segment leaves only when more follows: the last one is marked as such.
            if self.segment.len() == SEGMENT_BYTES {
                out(&self.cipher.encrypt_next(self.segment.as_slice()).map_err(|_| too_long())?)?;
                self.segment.clear();
            }
            let room = SEGMENT_BYTES - self.segment.len();
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.segment.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    /// Ends the file; its last segment.
    pub(super) fn finish(self) -> io::Result<Vec<u8>> {
        self.cipher.encrypt_last(self.segment.as_slice()).map_err(|_| too_long())
    }
}

/// The plain bytes of a sealed file, segment by segment. It ends with an error where the file was changed or cut off.
pub(super) fn unsealed(
    sealed: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    key: FileKey,
) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    let state = Some(Unsealer { sealed: Box::pin(sealed), key, cipher: None, waiting: BytesMut::new(), ended: false });
    futures_util::stream::unfold(state, |state| async move {
        let mut unsealer = state?;
        match unsealer.next_segment().await {
            Ok(Some(segment)) => Some((Ok(segment), Some(unsealer))),
            Ok(None) => None,
            Err(error) => Some((Err(error), None)),
        }
    })
}

/// The bytes of an open file, piece by piece.
pub(super) fn pieces(file: tokio::fs::File) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    futures_util::stream::unfold(Some(file), |file| async move {
        let mut file = file?;
        let mut piece = BytesMut::with_capacity(SEGMENT_BYTES);
        match file.read_buf(&mut piece).await {
            Ok(0) => None,
            Ok(_) => Some((Ok(piece.freeze()), Some(file))),
            Err(error) => Some((Err(error), None)),
        }
    })
}

struct Unsealer<S> {
    sealed: std::pin::Pin<Box<S>>,
    key: FileKey,
    cipher: Option<DecryptorBE32<XChaCha20Poly1305>>,
    waiting: BytesMut,
    ended: bool,
}

impl<S: Stream<Item = io::Result<Bytes>>> Unsealer<S> {
    async fn next_segment(&mut self) -> io::Result<Option<Bytes>> {
        const SEALED_BYTES: usize = SEGMENT_BYTES + TAG_BYTES;
        if self.ended {
            return Ok(None);
        }
        let mut cipher = match self.cipher.take() {
            Some(cipher) => cipher,
            None => self.begin().await?,
        };
        // One byte more than a segment tells that it is not the last one.
        if self.fill(SEALED_BYTES + 1).await? {
            let segment = self.waiting.split_to(SEALED_BYTES);
            let plain = cipher.decrypt_next(segment.as_ref()).map_err(|_| broken())?;
            self.cipher = Some(cipher);
            return Ok(Some(Bytes::from(plain)));
        }
        self.ended = true;
        let plain = cipher.decrypt_last(self.waiting.split().as_ref()).map_err(|_| broken())?;
        Ok(Some(Bytes::from(plain)))
    }

    async fn begin(&mut self) -> io::Result<DecryptorBE32<XChaCha20Poly1305>> {
        if !self.fill(HEAD_BYTES).await? {
            return Err(broken());
        }
        let mut head = self.waiting.split_to(HEAD_BYTES);
        if !head.starts_with(MARK) {
            return Err(broken());
        }
        head.advance(MARK.len());
        let cipher = XChaCha20Poly1305::new(Key::from_slice(self.key.as_slice()));
        Ok(DecryptorBE32::from_aead(cipher, GenericArray::from_slice(&head)))
    }

    /// Reads until so many bytes wait; whether there were so many.
    async fn fill(&mut self, wanted: usize) -> io::Result<bool> {
        while self.waiting.len() < wanted {
            match self.sealed.next().await {
                Some(bytes) => self.waiting.extend_from_slice(&bytes?),
                None => return Ok(false),
            }
        }
        Ok(true)
    }
}

fn too_long() -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, "the file has too many segments to be sealed")
}

fn broken() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the sealed file was changed or cut off")
}

#[cfg(test)]
mod tests {
    use futures_util::TryStreamExt;
    use zeroize::Zeroizing;

    use super::*;

    fn key() -> FileKey {
        Zeroizing::new([7; 32])
    }

    fn sealed(plain: &[u8]) -> Vec<u8> {
        let (mut sealer, mut file) = Sealer::begin(&key()).unwrap();
        for piece in plain.chunks(10_007) {
            sealer
                .push(piece, |segment| {
                    file.extend_from_slice(segment);
                    Ok(())
                })
                .unwrap();
        }
        file.extend(sealer.finish().unwrap());
        file
    }

    async fn opened(file: &[u8], key: FileKey) -> io::Result<Vec<u8>> {
        let pieces: Vec<_> = file.chunks(4_099).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
        let plain: Vec<Bytes> = unsealed(futures_util::stream::iter(pieces), key).try_collect().await?;
        Ok(plain.concat())
    }

    #[tokio::test]
    async fn whatever_its_length_a_file_comes_back_as_it_went() {
        for length in [0, 1, SEGMENT_BYTES - 1, SEGMENT_BYTES, SEGMENT_BYTES + 1, 3 * SEGMENT_BYTES, 200_001] {
            let plain: Vec<u8> = (0..length).map(|at| u8::try_from(at % 251).unwrap()).collect();
            let file = sealed(&plain);
            assert_eq!(opened(&file, key()).await.unwrap(), plain, "{length}");
            assert!(length < 16 || !file.windows(16).any(|window| window == &plain[..16]), "{length}");
        }
    }

    #[tokio::test]
    async fn what_was_changed_cut_off_swapped_or_belongs_to_another_key_does_not_open() {
        let plain = vec![b'x'; 3 * SEGMENT_BYTES + 5];
        let file = sealed(&plain);
        let segment = SEGMENT_BYTES + TAG_BYTES;
        let mut flipped = file.clone();
        flipped[HEAD_BYTES + 100] ^= 1;
        let mut swapped = file.clone();
        let (first, second) = swapped[HEAD_BYTES..].split_at_mut(segment);
        first.swap_with_slice(&mut second[..segment]);
        let without_last = file[..HEAD_BYTES + 3 * segment].to_vec();
        for (name, bad) in [
            ("flipped", flipped),
            ("swapped", swapped),
            ("cut at a segment", without_last),
            ("cut", file[..file.len() - 1].to_vec()),
            ("longer", [file.clone(), vec![0]].concat()),
            ("plain", plain.clone()),
            ("empty", Vec::new()),
        ] {
            assert!(opened(&bad, key()).await.is_err(), "{name}");
        }
        assert!(opened(&file, Zeroizing::new([8; 32])).await.is_err());
    }
}
