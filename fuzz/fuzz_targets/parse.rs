//! Any bytes: they are decoded and read to the end, and every span lies where it belongs.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wayfarer_diagnostics::Sources;
use wayfarer_fuzz::{assert_tree, read};

fuzz_target!(|data: &[u8]| assert_tree(&read(&mut Sources::default(), "fuzzed.xml", data).document));
