//! What is understood: identities, relations, indexes, parts, deletions; on every database.

use super::{from_corpus, of};
use prisma_stage::analyze::{Action, Analysis, Effect, Enforcement, FkIndex, IdentityKind, Purpose, RelationKind};

fn deletion<'a>(analysis: &'a Analysis, model: &str) -> &'a prisma_stage::analyze::Deletion {
    analysis.deletions.iter().find(|deletion| deletion.model == model).unwrap()
}

fn names(effects: &[Effect]) -> Vec<String> {
    effects.iter().map(|effect| format!("{}<{}", effect.relation, effect.after)).collect()
}

#[test]
fn a_row_is_known_by_its_id_or_by_a_unique_that_stands_in() {
    let analysis = of(
        "postgresql",
        "model A {\n  a Int\n  b Int\n  @@id([a, b])\n}\n\
         model B {\n  a Int? @unique\n  b Int\n  c Int @unique\n  @@unique([b, c])\n}\n\
         model C {\n  a Int\n  b Int\n  @@unique([a, b])\n}\n\
         view D {\n  a Int\n}\n",
    );
    let found: Vec<_> =
        analysis.models.iter().map(|model| (model.identity.kind, model.identity.fields.join("+"))).collect();
    let wanted = [
        (IdentityKind::Id, "a+b"),
        (IdentityKind::Unique, "c"),
        (IdentityKind::Unique, "a+b"),
        (IdentityKind::None, ""),
    ];
    assert_eq!(found, wanted.map(|(kind, fields)| (kind, fields.to_owned())));
}

const ONE_OF_EACH: &str = "model A {\n  id Int @id\n  b B?\n  cs C[]\n  ups A[] @relation(\"up\")\n  upId Int?\n  up A? @relation(\"up\", fields: [upId], references: [id], onDelete: NoAction, onUpdate: NoAction)\n}\n\
    model B {\n  id Int @id\n  aId Int @unique\n  a A @relation(fields: [aId], references: [id])\n}\n\
    model C {\n  id Int @id\n  aId Int?\n  a A? @relation(fields: [aId], references: [id])\n}\n";

#[test]
fn relations_have_a_kind_a_direction_and_a_keeper() {
    for (provider, on_delete, index) in [
        ("postgresql", Action::Restrict, FkIndex::None),
        ("cockroachdb", Action::Restrict, FkIndex::None),
        ("sqlite", Action::Restrict, FkIndex::None),
        ("mysql", Action::Restrict, FkIndex::Automatic),
        ("sqlserver", Action::NoAction, FkIndex::None),
    ] {
        let analysis = of(provider, ONE_OF_EACH);
        let [b, c, up] = &analysis.relations[..] else { panic!("three") };
        assert_eq!((b.kind, b.from.label(), b.to.label()), (RelationKind::OneToOne, "B.a".into(), "A.b".into()));
        assert_eq!(
            (b.enforced, b.on_delete, b.required),
            (Enforcement::ForeignKey, Some(on_delete), true),
            "{provider}"
        );
        assert_eq!((b.index, c.index), (Some(FkIndex::Unique), Some(index)), "{provider}");
        assert_eq!((c.kind, c.on_delete, c.required), (RelationKind::ManyToOne, Some(Action::SetNull), false));
        assert!(up.reflexive && !b.reflexive);
        assert_eq!(names(&deletion(&analysis, "A").stopped_by), ["B.a<A", "A.up<A"], "{provider}");
    }
}

#[test]
fn where_prisma_client_keeps_relations_no_action_means_nothing() {
    let text = format!(
        "generator g {{\n  provider = \"prisma-client-js\"\n}}\ndatasource db {{\n  provider = \"mysql\"\n  relationMode = \"prisma\"\n}}\n{ONE_OF_EACH}"
    );
    let analysis = super::of_text(&text);
    assert_eq!(analysis.kept_by, Enforcement::PrismaClient);
    let kept: Vec<Enforcement> = analysis.relations.iter().map(|relation| relation.enforced).collect();
    assert_eq!(kept, [Enforcement::PrismaClient, Enforcement::PrismaClient, Enforcement::Nothing]);
    assert_eq!(analysis.relations[1].index, Some(FkIndex::None));
    assert_eq!(names(&deletion(&analysis, "A").leaves_dangling), ["A.up<A"]);
    assert_eq!(names(&deletion(&analysis, "A").stopped_by), ["B.a<A"]);
}

#[test]
fn mongodb_has_composite_types_and_lists_of_ids() {
    let id = "id String @id @default(auto()) @map(\"_id\") @db.ObjectId\n";
    let analysis = of(
        "mongodb",
        &format!(
            "type Address {{\n  street String\n}}\n\
             model A {{\n  {id}  home Address\n  bIds String[] @db.ObjectId\n  bs B[] @relation(fields: [bIds], references: [id])\n}}\n\
             model B {{\n  {id}  aIds String[] @db.ObjectId\n  as A[] @relation(fields: [aIds], references: [id])\n}}\n"
        ),
    );
    assert_eq!((analysis.models.len(), analysis.types.len()), (2, 1));
    let [many] = &analysis.relations[..] else { panic!("one") };
    assert_eq!((many.kind, many.enforced), (RelationKind::ManyToMany, Enforcement::Nothing));
    assert_eq!((&many.join_table, &many.fields[..]), (&None, &["bIds".to_owned()][..]));
    assert_eq!(names(&deletion(&analysis, "B").leaves_dangling), ["A.bs<B"]);
}

#[test]
fn cascades_are_followed_to_their_end_and_out_of_circles() {
    let analysis = of(
        "postgresql",
        "model Org {\n  id Int @id\n  teams Team[]\n}\n\
         model Team {\n  id Int @id\n  orgId Int\n  org Org @relation(fields: [orgId], references: [id], onDelete: Cascade)\n  users User[]\n  leadId Int?\n  lead User? @relation(\"lead\", fields: [leadId], references: [id], onDelete: Cascade)\n}\n\
         model User {\n  id Int @id\n  teamId Int\n  team Team @relation(fields: [teamId], references: [id], onDelete: Cascade)\n  leads Team[] @relation(\"lead\")\n  posts Post[]\n  bills Bill[]\n  tags Tag[]\n}\n\
         model Post {\n  id Int @id\n  userId Int?\n  user User? @relation(fields: [userId], references: [id])\n}\n\
         model Bill {\n  id Int @id\n  userId Int\n  user User @relation(fields: [userId], references: [id])\n}\n\
         model Tag {\n  id Int @id\n  users User[]\n}\n",
    );
    let org = deletion(&analysis, "Org");
    assert_eq!(names(&org.deletes), ["Team.org<Org", "User.team<Team"]);
    assert_eq!(names(&org.sets_null), ["Post.user<User"]);
    assert_eq!(names(&org.stopped_by), ["Bill.user<User"]);
    assert_eq!(org.join_tables, ["_TagToUser"]);
    assert_eq!(org.tables, 3);
    assert_eq!(org.way(&org.stopped_by[0]), ["Org", "Team", "User", "Bill"]);
    let team = deletion(&analysis, "Team");
    assert!(team.recursive, "teams of users of teams");
    assert_eq!(names(&team.deletes), ["User.team<Team"]);
    assert_eq!(deletion(&analysis, "Tag").join_tables, ["_TagToUser"]);
    assert!(analysis.deletions.iter().all(|deletion| deletion.model != "Post"));
}

#[test]
fn a_very_long_chain_of_cascades_is_counted_to_its_end_and_listed_in_part() {
    let link = |n: usize| {
        let up = format!(
            "  pId Int\n  p M{} @relation(fields: [pId], references: [id], onDelete: Cascade)\n",
            n.wrapping_sub(1)
        );
        let down = format!("  c M{}[]\n", n + 1);
        let (up, down) = (if n > 0 { up } else { String::new() }, if n < 1199 { down } else { String::new() });
        format!("model M{n} {{\n  id Int @id\n{up}{down}}}\n")
    };
    let analysis = of("postgresql", &(0..1200).map(link).collect::<String>());
    let (first, late) = (deletion(&analysis, "M0"), deletion(&analysis, "M600"));
    assert_eq!((first.tables, first.deletes.len(), first.not_listed), (1199, 500, 699));
    assert_eq!((late.tables, late.deletes.len()), (599, 10), "enough was listed before");
    let end = &first.deletes[499];
    assert_eq!((first.way(end).len(), end.depth), (501, 500));
}

#[test]
fn a_table_that_loses_rows_anyway_is_said_to() {
    let analysis = of(
        "postgresql",
        "model A {\n  id Int @id\n  bs B[]\n  first B? @relation(\"first\", fields: [firstId], references: [id])\n  firstId Int? @unique\n  cs C[]\n}\n\
         model B {\n  id Int @id\n  aId Int\n  a A @relation(fields: [aId], references: [id], onDelete: Cascade)\n  firstOf A? @relation(\"first\")\n  cs C[]\n}\n\
         model C {\n  id Int @id\n  aId Int\n  a A @relation(fields: [aId], references: [id], onDelete: Cascade)\n  bId Int\n  b B @relation(fields: [bId], references: [id])\n}\n",
    );
    let a = deletion(&analysis, "A");
    assert!(a.stopped_by[0].also_deleted && !a.recursive);
    // Rows of A other than the one that goes lose their first B; they do not go.
    assert_eq!(names(&a.sets_null), ["A.first<B"]);
    assert!(!a.sets_null[0].also_deleted);
}

#[test]
fn models_that_link_two_others_are_found_by_id_or_unique() {
    let joined = |body: &str| {
        let analysis = of(
            "postgresql",
            &format!(
                "model A {{\n  id Int @id\n  js J[]\n}}\nmodel B {{\n  id Int @id\n  js J[]\n}}\nmodel J {{\n{body}\n  aId Int\n  a A @relation(fields: [aId], references: [id])\n  bId Int\n  b B @relation(fields: [bId], references: [id])\n}}\n"
            ),
        );
        analysis.model("J").unwrap().join.clone().map(|join| (join.models.join("+"), join.carries.join("+")))
    };
    assert_eq!(joined("  @@id([aId, bId])"), Some(("A+B".into(), String::new())));
    assert_eq!(joined("  id Int @id\n  role String\n  @@unique([bId, aId])"), Some(("A+B".into(), "role".into())));
    assert_eq!(joined("  id Int @id\n  n Int\n  @@unique([bId, aId, n])"), None);
    assert_eq!(joined("  id Int @id\n  @@index([bId, aId])"), None);
}

#[test]
fn indexes_serve_keys_lookups_and_searches() {
    let analysis = of(
        "postgresql",
        "model A {\n  id Int @id\n  bs B[]\n}\n\
         model B {\n  id Int @id\n  aId Int\n  a A @relation(fields: [aId], references: [id])\n  n Int\n  doc Json\n  @@index([aId, n])\n  @@index([n, aId])\n  @@index([doc], type: Gin)\n}\n",
    );
    let b = analysis.model("B").unwrap();
    let serves: Vec<&[Purpose]> = b.indexes.iter().map(|index| &index.serves[..]).collect();
    let lookup = |by: &[&str]| Purpose::Lookup { by: by.iter().map(|name| (*name).to_owned()).collect() };
    assert_eq!(serves[0], [Purpose::Identity]);
    assert_eq!(serves[1], [Purpose::ForeignKey { relation: "B.a".into() }, lookup(&["aId", "n"])]);
    assert_eq!(serves[2], [lookup(&["n", "aId"])]);
    assert_eq!(serves[3], [Purpose::Search { of: vec!["doc".into()] }]);
    assert_eq!(analysis.relations[0].index, Some(FkIndex::Index));
    let a = analysis.model("A").unwrap();
    assert_eq!(a.indexes[0].serves, [Purpose::Identity, Purpose::Target { relation: "B.a".into() }]);
}

#[test]
fn parts_have_hinges() {
    let shop = from_corpus("shop");
    let [part] = &shop.parts[..] else { panic!("one part") };
    let hinges: Vec<(&str, &[u32])> =
        part.hinges.iter().map(|hinge| (hinge.model.as_str(), &hinge.pieces[..])).collect();
    let wanted: [(&str, &[u32]); 4] =
        [("Order", &[3, 2]), ("OrderLine", &[3, 2]), ("Customer", &[4, 1]), ("Product", &[4, 1])];
    assert_eq!(hinges, wanted);
    let hostile = from_corpus("hostile");
    let alone: Vec<&str> = hostile.alone.iter().map(String::as_str).collect();
    assert_eq!(alone, ["o_very_long_name_of_a_model_that_nobody_would_ever_want_to_read_out_loud", "v_totals"]);
}

#[test]
fn enums_know_their_users_and_their_defaults() {
    let shop = from_corpus("shop");
    let [state] = &shop.enums[..] else { panic!("one enum") };
    assert_eq!((&state.used_by[0].field[..], &state.used_by[0].default[..]), ("Order.state", &["OPEN".to_owned()][..]));
}
