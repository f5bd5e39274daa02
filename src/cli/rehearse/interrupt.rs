//! Ctrl-C in a rehearsal: databases on somebody else's server are dropped first. (A server of our own ends with us.)

/// The exit code of whoever is interrupted, as shells have it.
const INTERRUPTED: i32 = 130;

/// From now on an interrupt drops what a server was asked for, by its sweeper.
pub fn sweep(sweep: impl Fn() + Send + 'static) {
    // Without a handler the default stands, which is to end: then databases stay, and their names say whose they were.
    let _ = ctrlc::set_handler(move || {
        sweep();
        std::process::exit(INTERRUPTED);
    });
}
