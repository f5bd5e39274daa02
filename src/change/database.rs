//! Schemas and extensions.

use super::{Change, Context, Group, Phase, Step, slug};
use crate::catalog::{Extension, Origin};
use crate::diff::Matched;
use crate::op::Op;
use crate::stage::StageKind;

pub fn classify(matched: &Matched) -> Vec<Change> {
    let (old, new) = (&matched.catalogs.old, &matched.catalogs.new);
    let namespaces = new.namespaces.difference(&old.namespaces).map(|n| Change::CreateNamespace(n.clone()));
    let created =
        new.extensions.values().filter(|x| !old.extensions.contains_key(&x.name)).cloned().map(Change::CreateExtension);
    namespaces.chain(created).collect()
}

pub fn create_namespace(cx: &mut Context, name: &str) {
    let origin = Origin { model: name.to_owned(), ..Origin::default() };
    let title = format!("Create schema {}", cx.dialect.ident(name));
    cx.note("create-namespace", &origin, title.clone());
    let step =
        Step::new(StageKind::Expand, Phase::Namespaces, Group::New, format!("create_schema_{}", slug(&[name])), title);
    cx.push(step.op(Op::CreateNamespace(name.to_owned())));
}

pub fn create_extension(cx: &mut Context, x: &Extension) {
    let title = format!("Install extension {}", cx.dialect.ident(&x.name));
    cx.note("create-extension", &x.origin, title.clone());
    let step = Step::new(
        StageKind::Expand,
        Phase::Namespaces,
        Group::New,
        format!("create_extension_{}", slug(&[&x.name])),
        title,
    )
    .op(Op::CreateExtension(x.clone()))
    .hazard("H601", "installing an extension needs the right to do so; the server must have it at hand");
    cx.push(step);
}
