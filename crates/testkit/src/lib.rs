//! How we try it: what the tests of several crates share.
