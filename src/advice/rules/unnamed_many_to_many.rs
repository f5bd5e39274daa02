//! PS1010: an implicit many-to-many relation whose table is named after its models.

use crate::advice::Report;
use crate::advice::report::of_field;
use crate::diag::Edit;
use crate::model::{Provider, Schema};

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    if schema.provider() == Some(Provider::Mongodb) {
        return;
    }
    for relation in schema.walk_relations().filter(|r| r.is_many_to_many() && r.get().name.is_none()) {
        let (a, b) = (relation.owner_side(), relation.other_side());
        if report.excuses(of_field(b.field)) {
            continue;
        }
        let (one, two, name) = (a.model.name.name, b.model.name.name, relation.name());
        let mut finding = report
            .finding(format!("renaming `{one}` or `{two}` would drop the rows that link them"))
            .at(a.field.name.span)
            .saying(format!("kept in the table `_{name}`, column A"))
            .label(b.field.name.span, "column B")
            .note(format!(
                "the table of an implicit many-to-many relation is named after its models, `@@map` or not: with another \
                 name Prisma Migrate drops `_{name}` with all its rows and makes an empty one"
            ))
            .help(format!(
                "write `@relation(\"{name}\")` on both sides: that is the name it has, so nothing changes now, and it \
                 stays when a model is renamed. (Should the alphabetical order of the models change, columns A and B \
                 change places, name or not.)"
            ));
        let is_bare =
            |field: crate::model::FieldWalker<'_, '_>| !report.sources.slice(field.span).contains("@relation");
        if is_bare(a.field) && is_bare(b.field) {
            // Behind the type: the attributes that follow keep their places.
            let name_it = |field: crate::model::FieldWalker<'_, '_>| Edit {
                text: format!(" @relation(\"{name}\")"),
                span: crate::source::Span { start: field.span.end, ..field.span },
            };
            finding =
                finding.fix(format!("name it \"{name}\" on both sides"), vec![name_it(a.field), name_it(b.field)]);
        }
        report.push(of_field(a.field), finding);
    }
}
