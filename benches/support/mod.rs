//! Schemas of any size, the same on every machine.

use std::fmt::Write as _;

/// The one that the command line has.
#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The first schema, or what somebody made of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// As it was.
    Old,
    /// As it is to be: one model in ten is changed, in a way that is planned without a question.
    New,
}

/// A PostgreSQL schema of so many models. Each has twelve fields, of which four belong to relations, two indexes and a
/// map; one in ten has an enum of its own.
pub fn schema(models: usize, version: Version) -> String {
    let mut text = String::with_capacity(models * 900);
    text.push_str("generator client {\n  provider = \"prisma-client\"\n}\n\n");
    text.push_str("datasource db {\n  provider = \"postgresql\"\n}\n\n");
    let mut children = vec![Vec::new(); models];
    for n in 0..models {
        children[parent(n, models)].push(n);
    }
    for (n, children) in children.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = model(&mut text, n, parent(n, models), children, version);
    }
    for n in (0..models).step_by(10) {
        let more = if version == Version::New && n % 100 == 50 { "  PAUSED\n" } else { "" };
        let _ = write!(
            text,
            "enum Status{n} {{\n  ACTIVE\n{more}  CLOSED @map(\"closed\")\n\n  @@map(\"status_{n}\")\n}}\n\n"
        );
    }
    text
}

/// The model that a model's relation points at: any other, far away as often as near.
fn parent(n: usize, models: usize) -> usize {
    (n * 7919 + 1) % models
}

fn model(text: &mut String, n: usize, parent: usize, children: &[usize], version: Version) -> std::fmt::Result {
    let changed = version == Version::New && n % 10 == 3;
    writeln!(text, "/// Row {n} of the catalogue.\nmodel Entity{n} {{")?;
    writeln!(text, "  id          Int       @id @default(autoincrement())")?;
    writeln!(text, "  code        String    @unique @db.VarChar(64)")?;
    writeln!(text, "  name        String    @map(\"display_name\")")?;
    writeln!(text, "  note        String?   // free text")?;
    writeln!(text, "  amount      Decimal   @default(0) @db.Decimal(12, 2)")?;
    let default = if changed { "false" } else { "true" };
    writeln!(text, "  active      Boolean   @default({default})")?;
    if n.is_multiple_of(10) {
        writeln!(text, "  status      Status{n} @default(ACTIVE)")?;
    } else {
        writeln!(text, "  status      String    @default(\"new\")")?;
    }
    writeln!(text, "  createdAt   DateTime  @default(now()) @map(\"created_at\")")?;
    writeln!(text, "  updatedAt   DateTime  @updatedAt")?;
    writeln!(text, "  parentId    Int?")?;
    writeln!(
        text,
        "  parent      Entity{parent}? @relation(\"r{n}\", fields: [parentId], references: [id], onDelete: SetNull)"
    )?;
    for child in children {
        writeln!(text, "  children{child} Entity{child}[] @relation(\"r{child}\")")?;
    }
    if changed {
        writeln!(text, "  extra       Json?")?;
    }
    writeln!(text, "\n  @@index([parentId])")?;
    if changed {
        writeln!(text, "  @@index([name, createdAt], map: \"entity_{n}_by_name\")")?;
    } else {
        writeln!(text, "  @@index([name])")?;
    }
    writeln!(text, "  @@map(\"entity_{n}\")\n}}\n")
}
