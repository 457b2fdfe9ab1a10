//! How we keep house: tidy checks, generated documents, SPA build steps.

fn main() {}
