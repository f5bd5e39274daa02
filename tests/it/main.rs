//! Tests through the library and the binary; one file a feature.
#![allow(clippy::unwrap_used)]

mod rehearse;
mod seed;
mod server;
mod syntax;
mod syntax_corpus;
