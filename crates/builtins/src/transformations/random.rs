//! Random texts, drawn from [`Env`].

use super::env::Env;
use std::fmt::Write as _;

/// A GUID of version 4, in lower case with hyphens.
pub(crate) fn guid(env: &Env<'_>) -> String {
    let mut bytes = [0_u8; 16];
    (env.random)(&mut bytes);
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let mut text = String::with_capacity(36);
    for (index, byte) in bytes.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        // Writing to a `String` never fails.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// A number from 0 up to, not including, `bound`; 0 when the bound is 0.
pub(crate) fn below(bound: u32, env: &Env<'_>) -> u32 {
    let mut bytes = [0_u8; 8];
    (env.random)(&mut bytes);
    // 64 random bits over at most 32: no number is likelier than another by more than 2^-32.
    let product = u128::from(u64::from_le_bytes(bytes)) * u128::from(bound);
    u32::try_from(product >> 64).unwrap_or_default()
}

/// The first number of the subtractive generator (Knuth, "Seminumerical Algorithms", section 3.2) as seeded by .NET's
/// `Random(seed)`: from 0 to 2^31 − 2.
pub(crate) fn seeded(seed: i32) -> i32 {
    const BIG: i32 = i32::MAX;
    const START: i32 = 161_803_398;
    let mut state = [0_i32; 56];
    let magnitude = if seed == i32::MIN { BIG } else { seed.abs() };
    let mut previous = START.wrapping_sub(magnitude);
    let mut current = 1;
    state[55] = previous;
    for step in 1..55 {
        let at = (21 * step) % 55;
        state[at] = current;
        current = previous.wrapping_sub(current);
        if current < 0 {
            current = current.wrapping_add(BIG);
        }
        previous = state[at];
    }
    for _ in 1..5 {
        for at in 1..56 {
            state[at] = state[at].wrapping_sub(state[1 + (at + 30) % 55]);
            if state[at] < 0 {
                state[at] = state[at].wrapping_add(BIG);
            }
        }
    }
    let mut number = state[1].wrapping_sub(state[22]);
    if number == BIG {
        number -= 1;
    }
    if number < 0 { number.wrapping_add(BIG) } else { number }
}

/// [`seeded`] scaled to 0 up to, not including, `bound`, as .NET's `Next(bound)` does.
#[expect(clippy::cast_possible_truncation, reason = "the product is at least 0 and below `bound`, an i32")]
pub(crate) fn seeded_below(seed: i32, bound: i32) -> i32 {
    (f64::from(seeded(seed)) * (1.0 / f64::from(i32::MAX)) * f64::from(bound)) as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transformations::tests::with_env;

    /// The first numbers of .NET's generator that its users quote most.
    #[test]
    fn seeds_give_the_numbers_of_net() {
        assert_eq!(seeded(0), 1_559_595_546);
        assert_eq!(seeded(1), 534_011_718);
        assert_eq!(seeded(42), 1_434_747_710);
        assert_eq!(seeded(-42), 1_434_747_710, "the sign is ignored");
    }

    #[test]
    fn numbers_stay_below_their_bound() {
        with_env(|env| {
            assert_eq!(below(0, env), 0);
            assert_eq!(below(1, env), 0);
            assert!((0..1000).all(|_| below(7, env) < 7));
        });
        for seed in [i32::MIN, -1, 0, 1, i32::MAX] {
            assert!((0..10).contains(&seeded_below(seed, 10)));
            assert_eq!(seeded_below(seed, 0), 0);
        }
    }
}
