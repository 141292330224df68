//! The engine from outside: plans written by hand, run against a world that answers as the test says.

mod claims;
mod journeys;
mod world;
