//! A `build.rs` that compiles a migration plan along with the crate, and fails the build where the plan that is
//! checked in is not the one that the schemas ask for.
//!
//! In a crate of your own the two files of this folder are one, `build.rs`, and Cargo.toml has
//!
//! ```toml
//! [build-dependencies]
//! prisma-stage = { version = "0.1", default-features = false }
//! ```
//!
//! `prisma/deployed.prisma` is the schema that is deployed, `prisma/schema.prisma` the one that is worked on. The plan
//! is written to `$OUT_DIR/plan`, so `include_str!(concat!(env!("OUT_DIR"), "/plan/plan.json"))` is all it takes to
//! carry it in the program. A folder `plan/` beside Cargo.toml, if there is one, is only compared, never touched.

mod plan;

use std::path::Path;
use std::process::ExitCode;

#[allow(clippy::print_stdout, clippy::print_stderr)] // this is how a build script talks to cargo
fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=prisma");
    println!("cargo::rerun-if-changed=plan");
    let folder = |name: &str, otherwise: &str| std::env::var(name).unwrap_or_else(|_| otherwise.to_owned());
    let root = folder("CARGO_MANIFEST_DIR", ".");
    let out = folder("OUT_DIR", "target");
    match plan::build(Path::new(&root), Path::new(&out)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
