//! Tests over all methods: the vectors, the registry, and what holds of any input.

mod hostile;
mod laws;
mod registry;
mod vectors;

use super::{Env, NoLocalization, Options};
use crate::Secret;
use std::sync::atomic::{AtomicU64, Ordering};

/// Calls with the environment that vectors have when they say nothing else.
pub(super) fn with_env<T>(test: impl FnOnce(&Env<'_>) -> T) -> T {
    let random = random_from(1);
    test(&Env {
        now: "2022-01-14T11:40:35.5Z".parse().unwrap(),
        random: &random,
        technical_profile: "TestProfile",
        relying_party_tenant: "contoso.onmicrosoft.com",
        trust_framework_tenant: "contoso-ief.onmicrosoft.com",
        authenticator_issuer: "Contoso demo",
        keys: &|name| (name == "B2C_1A_Test").then(|| Secret::new("secret")),
        localization: &NoLocalization,
        options: Options::default(),
        remark: &|_| {},
    })
}

/// Bytes that only look random (SplitMix64).
pub(super) fn random_from(seed: u64) -> impl Fn(&mut [u8]) + Sync {
    let state = AtomicU64::new(seed);
    move |bytes| {
        for byte in bytes {
            let mut it = state.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            *byte = (it >> 56) as u8;
        }
    }
}
