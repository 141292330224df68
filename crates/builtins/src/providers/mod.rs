//! Technical-profile providers.
