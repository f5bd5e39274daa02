//! An editor's buffer: a text on standard input that is a schema, or one file of a schema.

use crate::run::{Scratch, postgres};

/// A schema of three files; the saved post.prisma is fine.
fn blog() -> Scratch {
    Scratch::new()
        .file("prisma/base.prisma", postgres(""))
        .file("prisma/models/author.prisma", "model Author {\n  id Int @id\n  posts Post[]\n}\n")
        .file("prisma/models/post.prisma", POST)
        .file("other.prisma", postgres("model Other {\n  id Int @id\n}"))
}

const POST: &str = "model Post {\n  id Int @id\n  author Author @relation(fields: [authorId], references: [id])\n  authorId Int @unique\n}\n";

fn short(scratch: &Scratch, args: &[&str], buffer: &str) -> (i32, String) {
    let ran = scratch.run_with_stdin(&[&["check", "--format", "short"][..], args].concat(), buffer);
    assert_eq!(ran.stderr, "", "{args:?}");
    (ran.code, ran.stdout)
}

#[test]
fn a_buffer_that_is_a_schema_goes_by_the_name_it_is_given() {
    let buffer = postgres("model A {\n  id Int @id\n  b Strin\n}");
    let scratch = blog();
    let named = short(&scratch, &["-", "--stdin-filename", "a b/ü.prisma"], &buffer);
    assert_eq!(named, (1, "a b/ü.prisma:8:5: error[PS0202]: there is no type `Strin`\n".into()));
    let bare = short(&scratch, &["-"], &buffer);
    assert_eq!(bare, (1, "<stdin>:8:5: error[PS0202]: there is no type `Strin`\n".into()));
    let empty = short(&scratch, &["-", "--stdin-filename", "a.prisma"], "\n");
    assert_eq!(empty, (1, "a.prisma: error[PS0006]: - is empty\n".into()));
}

#[test]
fn a_buffer_stands_in_the_place_of_its_file() {
    let scratch = blog();
    assert_eq!(short(&scratch, &["prisma"], ""), (0, String::new()));
    let changed = POST.replace("authorId Int", "autorId Int");
    let real = scratch.path("prisma").canonicalize().unwrap();
    let absolute = real.join("models/post.prisma").display().to_string();
    for name in ["prisma/models/post.prisma", "./prisma/../prisma/models/post.prisma", &absolute] {
        let (code, out) = short(&scratch, &["prisma", "--stdin-filename", name], &changed);
        assert_eq!(
            (code, out.as_str()),
            (1, &*format!("{name}:3:36: error[PS0203]: `Post` has no field `authorId`\n"))
        );
    }
    // Nothing was written.
    assert_eq!(std::fs::read_to_string(scratch.path("prisma/models/post.prisma")).unwrap(), POST);
    let (code, out) =
        short(&scratch, &["other.prisma", "--stdin-filename", "other.prisma"], "model A {\n  id Int @id @idd\n}\n");
    assert_eq!((code, out.lines().count()), (1, 2), "{out}");
}

#[test]
fn what_a_buffer_breaks_elsewhere_is_said_there() {
    let (code, out) = short(&blog(), &["prisma", "--stdin-filename", "prisma/models/post.prisma"], "// all gone\n");
    assert_eq!((code, out.split(": error").next()), (1, Some("prisma/models/author.prisma:3:9")), "{out}");
    // An empty buffer is an empty file, not an empty schema.
    let (code, out) = short(&blog(), &["prisma", "--stdin-filename", "prisma/models/post.prisma"], "");
    assert_eq!((code, out.split(": error").next()), (1, Some("prisma/models/author.prisma:3:9")), "{out}");
}

#[test]
fn a_buffer_that_was_never_saved_is_part_of_its_folder() {
    let new = "model Post {\n  id Int @idd\n}\n";
    let (code, out) = short(&blog(), &["prisma", "--stdin-filename", "prisma/new/er/x.prisma"], new);
    assert!(code == 1 && out.contains("prisma/new/er/x.prisma:1:7: error[PS0201]"), "{out}");
    let first = Scratch::new();
    std::fs::create_dir(first.path("prisma")).unwrap();
    let whole = postgres("model A {\n  id Int @id\n}");
    assert_eq!(short(&first, &["prisma", "--stdin-filename", "prisma/schema.prisma"], &whole), (0, String::new()));
}

#[test]
fn a_buffer_that_belongs_to_no_schema_is_bad_usage() {
    for args in [
        &["prisma", "--stdin-filename", "elsewhere/post.prisma"][..],
        &["prisma", "--stdin-filename", "prisma/readme.md"],
        &["prisma", "--stdin-filename", "prisma/node_modules/a.prisma"],
        &["git:HEAD:prisma", "--stdin-filename", "prisma/a.prisma"],
        &["-", "-"],
    ] {
        let ran = blog().run_with_stdin(&[&["check"][..], args].concat(), POST);
        assert_eq!((ran.code, ran.stdout.as_str()), (64, ""), "{args:?}: {}", ran.stderr);
    }
    let ran = blog().run_with_stdin(&["check", "prisma", "-", "--stdin-filename", "prisma/base.prisma"], &postgres(""));
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "a `-` is what standard input is for");
}
