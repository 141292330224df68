//! `/beta/trustFramework`: the policies of a tenant, and their keys. Version 1.0 of Graph has no such resource.

pub(crate) mod policies;
