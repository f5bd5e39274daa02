//! Schema arguments: files, folders, git revisions.

use prisma_stage::input::{ReadOptions, read_schema};
use prisma_stage::source::Sources;
use std::path::Path;
use std::process::Command;

const A: &str = "model A {\n  id Int @id\n}\n";

/// The names of the files that an argument stands for, or the code of what is wrong with it and its message.
fn read(argument: &Path) -> Result<Vec<String>, (&'static str, String)> {
    read_text(&argument.display().to_string())
}

fn read_text(argument: &str) -> Result<Vec<String>, (&'static str, String)> {
    let mut sources = Sources::default();
    match read_schema(&mut sources, argument, &ReadOptions::default()) {
        Ok(schema) => Ok(schema.files.iter().map(|file| sources.get(*file).name.clone()).collect()),
        Err(diagnostic) => Err((diagnostic.code, diagnostic.message.clone())),
    }
}

fn write(path: &Path, text: impl AsRef<[u8]>) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

#[test]
fn a_folder_is_read_in_the_order_of_its_paths() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for name in
        ["b.prisma", "a/z.prisma", "a.prisma", "c/d/e.prisma", "node_modules/x.prisma", ".git/y.prisma", "c/readme.md"]
    {
        write(&root.join(name), A);
    }
    let names = read(root).unwrap();
    let names: Vec<&str> =
        names.iter().map(|name| name.strip_prefix(&format!("{}/", root.display())).unwrap()).collect();
    assert_eq!(names, ["a/z.prisma", "a.prisma", "b.prisma", "c/d/e.prisma"]);
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_lead_in_no_circles() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("schema");
    write(&root.join("a.prisma"), A);
    write(&folder.path().join("elsewhere/b.prisma"), A);
    std::os::unix::fs::symlink(&root, root.join("again")).unwrap();
    std::os::unix::fs::symlink(folder.path().join("elsewhere"), root.join("other")).unwrap();
    let names = read(&root).unwrap();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[test]
fn what_cannot_be_read_is_said_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    assert_eq!(read(&root.join("nothing.prisma")).unwrap_err().0, "PS0001");
    assert_eq!(read(root).unwrap_err().0, "PS0005");
    write(&root.join("latin.prisma"), b"model A {\n  // caf\xe9\n}\n");
    let (code, message) = read(&root.join("latin.prisma")).unwrap_err();
    assert_eq!(code, "PS0003");
    assert!(message.contains("byte at offset 18, in line 2"), "{message}");
    write(&root.join("empty.prisma"), "\u{feff} \n\r\n");
    assert_eq!(read(&root.join("empty.prisma")).unwrap_err().0, "PS0006");
    write(&root.join("large.prisma"), vec![b' '; prisma_stage::syntax::MAX_FILE_BYTES + 1]);
    assert_eq!(read(&root.join("large.prisma")).unwrap_err().0, "PS0004");
}

#[test]
fn nothing_is_added_where_something_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("a.prisma"), A);
    write(&folder.path().join("b.prisma"), b"\xff");
    let mut sources = Sources::default();
    let argument = folder.path().display().to_string();
    assert_eq!(read_schema(&mut sources, &argument, &ReadOptions::default()).unwrap_err().code, "PS0003");
    assert_eq!(sources.add("first", "").0, 0);
}

/// Runs git in the folder; None where there is no git.
fn git(folder: &Path, arguments: &[&str]) -> Option<()> {
    let identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main"];
    let done = Command::new("git").arg("-C").arg(folder).args(identity).args(arguments).output().ok()?;
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    Some(())
}

#[test]
fn revisions_are_read_through_git() {
    // git looks for the repository from where it is started, so this is the repository of the project itself, if it is one.
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found =
        Command::new("git").arg("-C").arg(here).args(["cat-file", "-e", "HEAD:tests/it/syntax/sample.prisma"]).output();
    if !found.is_ok_and(|found| found.status.success()) {
        return;
    }
    assert_eq!(
        read_text("git:HEAD:tests/it/syntax/sample.prisma").unwrap(),
        ["git:HEAD:tests/it/syntax/sample.prisma"]
    );
    let folder = read_text("git:HEAD:tests/it/syntax").unwrap();
    assert!(folder.contains(&"git:HEAD:tests/it/syntax/sample.prisma".to_owned()), "{folder:?}");
    assert_eq!(read_text("git:HEAD:tests/it/syntax/").unwrap(), folder);
    assert_eq!(read_text("git:HEAD:src").unwrap_err().0, "PS0005");
    assert_eq!(read_text("git:HEAD:no/such.prisma").unwrap_err().0, "PS0008");
    assert_eq!(read_text("git:no-such-revision:a.prisma").unwrap_err().0, "PS0008");
    assert_eq!(read_text("git:HEAD").unwrap_err().0, "PS0007");
    assert_eq!(read_text("git:--help:a").unwrap_err().0, "PS0007");
}

#[test]
fn the_command_line_reads_revisions_of_the_folder_it_stands_in() {
    let folder = tempfile::tempdir().unwrap();
    if git(folder.path(), &["init", "-q"]).is_none() {
        return;
    }
    let schema = format!("datasource db {{\n  provider = \"postgresql\"\n}}\n\n{A}");
    write(&folder.path().join("schema/a b \"ü.prisma"), &schema);
    git(folder.path(), &["add", "."]).unwrap();
    git(folder.path(), &["commit", "-qm", "one"]).unwrap();
    write(&folder.path().join("schema/a b \"ü.prisma"), schema.replace("A {", "B {"));
    let checked = Command::new(env!("CARGO_BIN_EXE_prisma-stage"))
        .current_dir(folder.path().join("schema"))
        .args(["diff", "git:HEAD:schema", "git:HEAD:./a b \"ü.prisma", "--exit-code"])
        .output()
        .unwrap();
    assert_eq!(checked.status.code(), Some(0), "{}", String::from_utf8_lossy(&checked.stderr));
}
