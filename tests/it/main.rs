//! Tests through the library and the binary; one file a feature.
#![allow(clippy::unwrap_used)]

mod server;
mod syntax;
mod syntax_corpus;
