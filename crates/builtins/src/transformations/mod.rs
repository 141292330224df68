//! Claims transformations.
