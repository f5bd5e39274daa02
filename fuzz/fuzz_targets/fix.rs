//! Any text is mended, as far as it can be.
#![no_main]
#![allow(dead_code)]

#[path = "../../tests/support/hold.rs"]
mod hold;

libfuzzer_sys::fuzz_target!(|text: &str| hold::fixes(text));
