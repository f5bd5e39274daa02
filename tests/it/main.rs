//! Tests through the library and the binary; one file a feature.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod advice;
mod advice_levels;
mod bad_input;
mod build_script;
mod check_fix;
mod check_formats;
mod check_stdin;
mod cli;
mod cli_bad_input;
mod cli_runbook;
mod errors;
mod explain;
#[path = "../support/hold.rs"]
mod hold;
mod hold_noise;
mod input;
mod introspect;
mod json_schema;
mod layers;
mod lower;
mod model;
mod model_noise;
mod output;
mod readme;
mod rehearse;
mod run;
mod script_by_hand;
mod seed;
mod server;
mod syntax;
mod syntax_corpus;
mod syntax_errors;
mod syntax_prisma;
mod syntax_robust;
mod valid;
