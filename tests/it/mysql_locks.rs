//! docs/locks-mysql.md, which a server wrote, and what the dialect says of that server.

use prisma_stage::dialect::mysql::Mysql;

const LEAST: [&str; 5] = [
    "ALGORITHM=INSTANT",
    "ALGORITHM=INPLACE, LOCK=NONE",
    "ALGORITHM=INPLACE, LOCK=SHARED",
    "ALGORITHM=COPY, LOCK=NONE",
    "ALGORITHM=COPY, LOCK=SHARED",
];

/// What each server took at least.
type Seen = Vec<(Mysql, String)>;

/// Kind, what plans say, and what was seen.
fn rows() -> Vec<(String, String, Seen)> {
    let page = include_str!("../../docs/locks-mysql.md");
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|').split(" | ").map(|cell| cell.trim().trim_matches('`').to_owned()).collect()
    };
    let mut lines = page.lines().filter(|line| line.starts_with('|')).map(cells);
    let servers: Vec<Mysql> = lines.next().expect("a head")[2..]
        .iter()
        .map(|target| Mysql::parse(target).unwrap_or_else(|why| panic!("{target}: {why}")))
        .collect();
    let all = lines.filter(|cells| !cells[0].starts_with("---")).map(|cells| {
        let seen = servers.iter().copied().zip(cells[2..].iter().cloned()).filter(|(_, cell)| cell != "-");
        (cells[0].clone(), cells[1].clone(), seen.collect())
    });
    all.collect()
}

fn rank(mode: &str) -> usize {
    LEAST.iter().position(|other| *other == mode).unwrap_or_else(|| panic!("{mode}"))
}

#[test]
fn no_server_takes_more_than_plans_say() {
    let rows = rows();
    assert!(rows.len() > 20, "{}", rows.len());
    for (kind, says, seen) in rows {
        for (server, least) in seen {
            assert!(rank(&least) <= rank(&says), "{kind}: {says}, but {server:?} takes {least} at least");
        }
    }
}

#[test]
fn what_a_version_can_do_is_what_was_seen() {
    let mut held = [0; 2];
    for (kind, _, seen) in rows() {
        for (server, least) in seen {
            match kind.as_str() {
                "ADD COLUMN" => {
                    assert!(!server.adds_at_once() || least == "ALGORITHM=INSTANT", "{server:?}: {least}");
                    held[0] += 1;
                }
                // Numbers begin by a copy whatever a server can do else.
                "MODIFY AUTO_INCREMENT" => {
                    assert_eq!(least, "ALGORITHM=COPY, LOCK=SHARED", "{server:?}");
                    held[1] += 1;
                }
                _ => {
                    let copied = least == "ALGORITHM=COPY, LOCK=NONE";
                    assert!(!copied || server.copies_online(), "{kind} on {server:?}: {least}");
                }
            }
        }
    }
    assert!(held.iter().all(|seen| *seen > 0), "{held:?}");
}
