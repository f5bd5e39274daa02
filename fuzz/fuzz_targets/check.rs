//! Any text is read, understood, complained of and lowered.
#![no_main]
#![allow(dead_code)]

#[path = "../../tests/support/hold.rs"]
mod hold;

libfuzzer_sys::fuzz_target!(|text: &str| hold::checks(text));
