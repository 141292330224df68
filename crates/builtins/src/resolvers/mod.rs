//! Claim resolvers.
