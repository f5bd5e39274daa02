//! Ctrl-C in a rehearsal: databases on somebody else's server are dropped first. (A server of our own ends with us.)

use prisma_stage::live::server::Server;

/// The exit code of whoever is interrupted, as shells have it.
const INTERRUPTED: i32 = 130;

/// From now on an interrupt drops what this server was asked for.
pub fn sweep(server: &Server) {
    let sweep = server.sweeper();
    // Without a handler the default stands, which is to end: then databases stay, and their names say whose they were.
    let _ = ctrlc::set_handler(move || {
        sweep();
        std::process::exit(INTERRUPTED);
    });
}
