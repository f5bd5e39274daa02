//! docs/dialects.md is what the dialects say of themselves.

use prisma_stage::dialect;

#[test]
fn the_page_of_databases_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/dialects.md");
    let page = dialect::page();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(found, page, "run BLESS=1 cargo test --test it dialects");
}
