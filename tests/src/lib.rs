//! Tests of the whole workspace live in `tests/`; this library holds what they share.
