use aws_lc_rs::digest;
use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use std::sync::atomic::{AtomicU64, Ordering};

/// Where random bytes come from.
#[derive(Debug)]
pub enum Random {
    /// The operating system, through aws-lc.
    System,
    /// The same bytes for the same seed: SHA-256 over seed and a counter. For repeatable runs, never for keys.
    Seeded {
        /// The seed.
        seed: u64,
        /// The next block.
        next: AtomicU64,
    },
}

impl Random {
    /// A source that gives the same bytes for the same seed.
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded { seed, next: AtomicU64::new(0) }
    }

    /// Fills `bytes`.
    pub fn fill(&self, bytes: &mut [u8]) {
        match self {
            Self::System => fill_from_system(bytes),
            Self::Seeded { seed, next } => bytes.chunks_mut(32).for_each(|chunk| {
                let block = next.fetch_add(1, Ordering::Relaxed);
                let hash = digest::digest(&digest::SHA256, &[seed.to_be_bytes(), block.to_be_bytes()].concat());
                chunk.copy_from_slice(hash.as_ref().get(..chunk.len()).unwrap_or_default());
            }),
        }
    }
}

#[expect(clippy::expect_used, reason = "without the system's random source nothing here may go on: no key, no secret")]
fn fill_from_system(bytes: &mut [u8]) {
    SystemRandom::new().fill(bytes).expect("the operating system's random source");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_bytes_and_another_seed_gives_others() {
        let bytes = |seed| {
            let random = Random::seeded(seed);
            let mut bytes = [0; 40];
            random.fill(&mut bytes);
            bytes
        };
        assert_eq!(bytes(1), bytes(1));
        assert_ne!(bytes(1), bytes(2));
        assert_ne!(bytes(1)[..8], bytes(1)[32..], "blocks differ");
    }
}
