//! The compiler from outside, on sets of files in memory: which files make a set, what the pages of the rules on sets and
//! plans show, and what becomes of a journey.

mod fixes;
mod lowering;
#[cfg(test)]
mod memory;
mod pages;
mod running;
mod sets;
mod unused;
mod uploads;
