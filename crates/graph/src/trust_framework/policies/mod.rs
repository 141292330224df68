//! `trustFramework/policies`: policies as files. Reference "graph", section 2.

mod policies;

pub use policies::{Policies, PolicyError, Put, Upload};
