//! Private keys under a passphrase: PKCS#8 `EncryptedPrivateKeyInfo` (RFC 5958 §3) with PBES2 (RFC 8018 §6.2), which
//! `openssl pkcs8` reads and writes.

use aws_lc_rs::rand;
use pkcs8::der::asn1::{ObjectIdentifier, OctetStringRef};
use pkcs8::pkcs5::{self, EncryptionScheme, pbes2};
use pkcs8::spki::AlgorithmIdentifierRef;
use pkcs8::{EncryptedPrivateKeyInfoRef, PrivateKeyInfoRef};
use zeroize::Zeroizing;

use crate::Secret;

/// PBKDF2-HMAC-SHA-256: what OWASP's password storage cheat sheet asks for. Unlike scrypt it takes no memory, of which a
/// server has little to spend.
const ITERATIONS: u32 = 600_000;

/// What a file may ask of us before it is refused: a second or a few, and 64 MiB.
const MAX_ITERATIONS: u32 = 10_000_000;
const MAX_SCRYPT_MEMORY: u64 = 64 * 1024 * 1024;
const MAX_SCRYPT_PARALLELISM: u16 = 16;

/// `id-data` of CMS: bytes without a format, which is what a secret is.
const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");

/// What is encrypted can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DecryptError {
    /// No `EncryptedPrivateKeyInfo`.
    Malformed,
    /// Not PBES2, or with a cipher or a hash that is out of use.
    Unsupported,
    /// It asks for more work or memory than any honest file does.
    TooCostly,
    /// The passphrase is another one.
    WrongPassphrase,
}

/// `pkcs8` under the passphrase; `None` when randomness or memory is out. Slow on purpose.
pub(super) fn encrypt(pkcs8: &[u8], passphrase: &Secret) -> Option<Vec<u8>> {
    encrypt_with(pkcs8, passphrase, ITERATIONS)
}

pub(super) fn encrypt_with(pkcs8: &[u8], passphrase: &Secret, iterations: u32) -> Option<Vec<u8>> {
    let (mut salt, mut iv) = ([0; 16], [0; 16]);
    rand::fill(&mut salt).and_then(|()| rand::fill(&mut iv)).ok()?;
    let parameters = pbes2::Parameters::generate_pbkdf2_sha256_aes256cbc(iterations, &salt, iv).ok()?;
    let key = PrivateKeyInfoRef::try_from(pkcs8).ok()?;
    let encrypted = key.encrypt_with_params(parameters, passphrase.expose()).ok()?;
    Some(encrypted.as_bytes().to_vec())
}

/// The PKCS#8 inside. Slow, as the key was made to be.
pub(super) fn decrypt(encrypted: &[u8], passphrase: &Secret) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
    let info = EncryptedPrivateKeyInfoRef::try_from(encrypted).map_err(|_| kind_of_failure(encrypted))?;
    judge_cost(&info.encryption_algorithm)?;
    match info.decrypt(passphrase.expose()) {
        Ok(pkcs8) => Ok(pkcs8.to_bytes()),
        Err(pkcs8::Error::EncryptedPrivateKey(
            pkcs5::Error::NoPbes1CryptSupport | pkcs5::Error::UnsupportedAlgorithm { .. },
        )) => Err(DecryptError::Unsupported),
        // By chance (1 in 256) a wrong passphrase leaves good padding: then what is inside is no PKCS#8.
        Err(_) => Err(DecryptError::WrongPassphrase),
    }
}

/// The secret's bytes as the private key of a PKCS#8, so that a wrong passphrase shows for them too.
pub(super) fn wrap_secret(secret: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let algorithm = AlgorithmIdentifierRef { oid: DATA, parameters: None };
    let info = PrivateKeyInfoRef::new(algorithm, OctetStringRef::new(secret).ok()?);
    Some(pkcs8::SecretDocument::try_from(info).ok()?.to_bytes())
}

/// What [`wrap_secret`] was given.
pub(super) fn unwrap_secret(pkcs8: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let info = PrivateKeyInfoRef::try_from(pkcs8).ok()?;
    (info.algorithm.oid == DATA).then(|| Zeroizing::new(info.private_key.as_bytes().to_vec()))
}

/// Whether it is an `EncryptedPrivateKeyInfo` at all, whose algorithm isn't known, or something else.
fn kind_of_failure(encrypted: &[u8]) -> DecryptError {
    use pkcs8::der::{Decode, Reader, SliceReader};
    let read = |mut reader: SliceReader<'_>| {
        reader.sequence(|inner| {
            AlgorithmIdentifierRef::decode(inner)?;
            <&OctetStringRef>::decode(inner).map(|_| ())
        })
    };
    match SliceReader::new(encrypted).and_then(read) {
        Ok(()) => DecryptError::Unsupported,
        Err(_) => DecryptError::Malformed,
    }
}

fn judge_cost(scheme: &EncryptionScheme) -> Result<(), DecryptError> {
    let EncryptionScheme::Pbes2(parameters) = scheme else { return Err(DecryptError::Unsupported) };
    let honest = match &parameters.kdf {
        pbes2::Kdf::Pbkdf2(it) => it.iteration_count <= MAX_ITERATIONS,
        pbes2::Kdf::Scrypt(it) => {
            let memory = it.cost_parameter.saturating_mul(128).saturating_mul(it.block_size.into());
            memory <= MAX_SCRYPT_MEMORY && it.parallelization <= MAX_SCRYPT_PARALLELISM
        }
        _ => return Err(DecryptError::Unsupported),
    };
    if honest { Ok(()) } else { Err(DecryptError::TooCostly) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::rsa::{self, KeySize};

    fn passphrase() -> Secret {
        Secret::new("correct horse")
    }

    #[test]
    fn a_key_comes_back_with_its_passphrase_and_with_no_other() {
        let pkcs8 = rsa::generate(KeySize::Rsa2048).unwrap();
        let encrypted = encrypt_with(&pkcs8, &passphrase(), 1000).unwrap();
        assert_eq!(*decrypt(&encrypted, &passphrase()).unwrap(), *pkcs8);
        // More than 256 tries, so that good padding by chance is among them.
        for wrong in 0..600 {
            let wrong = Secret::new(format!("wrong {wrong}"));
            let made = encrypt_with(&wrap_secret(b"x").unwrap(), &passphrase(), 1).unwrap();
            assert_eq!(decrypt(&made, &wrong), Err(DecryptError::WrongPassphrase));
        }
    }

    #[test]
    fn a_secret_comes_back_and_is_no_rsa_key() {
        let wrapped = wrap_secret("päss".as_bytes()).unwrap();
        assert_eq!(unwrap_secret(&wrapped).unwrap().as_slice(), "päss".as_bytes());
        assert_eq!(rsa::PublicHalf::of_pkcs8(&wrapped), None);
        assert_eq!(unwrap_secret(&rsa::generate(KeySize::Rsa2048).unwrap()), None);
    }

    #[test]
    fn what_asks_for_too_much_work_is_refused() {
        let scheme = |kdf| {
            let encryption = pbes2::EncryptionScheme::Aes256Cbc { iv: [0; 16] };
            judge_cost(&EncryptionScheme::Pbes2(pbes2::Parameters { kdf, encryption }))
        };
        let pbkdf2 = |count| scheme(pbes2::Pbkdf2Params::hmac_sha256(count, &[0; 8]).unwrap().into());
        assert_eq!([pbkdf2(ITERATIONS), pbkdf2(MAX_ITERATIONS)], [Ok(()), Ok(())]);
        assert_eq!(pbkdf2(MAX_ITERATIONS + 1), Err(DecryptError::TooCostly));
        let scrypt = |log_n, r, p| {
            let params = pkcs5::scrypt::Params::new(log_n, r, p).unwrap();
            scheme(pbes2::ScryptParams::from_params_and_salt(params, &[0; 8]).unwrap().into())
        };
        assert_eq!([scrypt(14, 8, 1), scrypt(16, 8, 1)], [Ok(()), Ok(())], "as OpenSSL writes, and 64 MiB");
        assert_eq!([scrypt(17, 8, 1), scrypt(14, 8, 17)], [Err(DecryptError::TooCostly); 2]);
    }

    #[test]
    fn no_prefix_panics() {
        let encrypted = encrypt_with(&wrap_secret(b"x").unwrap(), &passphrase(), 1).unwrap();
        for end in 0..encrypted.len() {
            assert_eq!(decrypt(&encrypted[..end], &passphrase()), Err(DecryptError::Malformed), "{end}");
        }
    }
}
