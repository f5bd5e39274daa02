//! What README.md shows is what the tool prints; `make bless` brings it up to date.

use crate::run::Ran;
use std::process::Command;

const OPEN: &str = "```console\n$ prisma-stage ";

#[test]
fn the_output_in_the_readme_is_real() {
    let root = env!("CARGO_MANIFEST_DIR");
    let path = format!("{root}/README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let mut blocks = readme.split(OPEN);
    let mut real = blocks.next().unwrap().to_owned();
    for block in blocks {
        let (command, rest) = block.split_once('\n').unwrap();
        let (_, after) = rest.split_once("```").unwrap();
        let run = Command::new(crate::run::BINARY).args(command.split(' ')).current_dir(root).output().unwrap();
        let stdout = Ran::of(run).stdout;
        real.push_str(&format!("{OPEN}{command}\n{stdout}```{after}"));
    }
    if readme != real && std::env::var("INSTA_UPDATE").is_ok_and(|how| how == "always") {
        std::fs::write(&path, &real).unwrap();
        return;
    }
    assert!(readme.contains(OPEN));
    same(&readme, &real);
}

fn same(readme: &str, real: &str) {
    let diff = similar::TextDiff::from_lines(readme, real);
    assert!(readme == real, "README.md is not what the tool prints (make bless):\n{}", diff.unified_diff());
}
