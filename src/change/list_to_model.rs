//! A list in a column, or in JSON, becomes rows of a model of its own: one for each element.

use super::across::Crossing;
use super::made::{self, Lacking};
use super::move_many::{Columns, family};
use super::{Context, slug};
use crate::catalog::{Across, Action, BaseType, Column, ColumnId, ColumnType, Listed};
use crate::dialect::Alter;
use crate::diff::{Moved, Way};
use crate::options::Assume;
use crate::question::Answer;

/// May a column of this type hold several elements?
pub fn is_list(ty: &ColumnType) -> bool {
    ty.list || is_json(ty)
}

fn is_json(ty: &ColumnType) -> bool {
    !ty.list && matches!(&ty.base, BaseType::Native { name, .. } if matches!(name.as_str(), "JSON" | "JSONB"))
}

/// Is it one list that leaves?
pub fn is_one(from: &Columns) -> bool {
    from.iter().all(|(id, column)| *id == from[0].0 && is_list(&column.ty))
}

pub fn plan(cx: &mut Context, moved: &Moved, way: Way, from: &Columns, to: Columns) {
    let (list, was) = (from[0].0, from[0].1.clone());
    let first = to[0].1.origin.clone();
    let because = match cx.dialect.caps().alter {
        Alter::InSteps => None,
        Alter::AtOnce => Some((
            "a trigger of this database cannot keep a list and the rows of its elements the same while both clients write",
            "json_each",
        )),
        Alter::OneByOne => Some((
            "triggers that take a list apart, and put it together again in its order, are not written for this database yet",
            "JSON_TABLE",
        )),
    };
    if let Some((why, function)) = because {
        let instead = format!(
            "add the model in a plan before this one, have the application write both, fill it with your own SQL ({function}), and let the list go in a plan after that"
        );
        return cx.refuse(&format!("making rows of the elements of {}", was.origin.label()), &first, why, &instead);
    }
    let key = way.1;
    let child = cx.new_table(moved.to);
    let Some(values) = values(cx, &was, &to) else { return };
    let ids: Vec<ColumnId> = to.iter().map(|(id, _)| *id).collect();
    let what = format!("an element of {}", was.origin.label());
    let made = match made::made_for(cx, way, child, &ids, &what) {
        Ok(made) => made,
        Err(Lacking::Asked) => return,
        Err(Lacking::Distinct) => {
            return cx.refuse(
                &format!(
                    "making rows of {} for the elements of {}: they need values that nobody gives, which",
                    child.origin.label(),
                    was.origin.label()
                ),
                &first,
                "a row of it is made for each element, by a trigger, whenever an old client writes the list, and no two may agree in what is to be given",
                "make that field optional in this plan, and require it in one after it, or say with @stage.from and @stage.using what it holds",
            );
        }
    };
    let Some(back) = back(cx, moved, &was, &to) else { return };
    let back = Some(back).filter(|back| back.trim() != "-");
    let place = values.iter().filter(|(_, sql)| sql.trim() == "position").map(|(id, _)| *id);
    let mut order: Vec<ColumnId> = place.collect();
    order.extend(child.primary_key.iter().flat_map(|k| &k.columns).map(|c| c.column));
    let deletes = matches!(key.on_delete, Action::Restrict | Action::NoAction);
    let words = slug(&[&child.name.name, &to[0].1.name]);
    let listed = Listed { family: family(way), list, values, made, back, order, deletes };
    let crossing = Crossing {
        across: Across::Listed(listed),
        words,
        left: (moved.from, vec![from[0].clone()]),
        came: (moved.to, to),
    };
    crossing.expand(cx);
    crossing.fill(cx);
    crossing.contract(cx, true);
}

/// What each field holds of an element.
fn values(cx: &mut Context, was: &Column, to: &Columns) -> Option<Vec<(ColumnId, String)>> {
    let mut all = Vec::new();
    for (id, column) in to {
        let label = column.origin.label();
        let question = format!("{label}: what does a row hold there of an element of {}?", was.origin.label());
        let text = match cx.said(&cx.intent.using, &column.origin) {
            Some(said) => {
                cx.decide("PS0747", &column.origin, &question, &said.text, &said.source);
                said.text.clone()
            }
            None if was.ty.list && to.len() == 1 => "value".to_owned(),
            None => {
                let answer = |meaning: &str, sql: String| Answer {
                    meaning: format!("{meaning}; above {label}"),
                    write: format!("/// @stage.using(\"{sql}\")"),
                };
                let field = &column.origin.item;
                let mut answers = vec![answer("its place in the list, from 1", "position".to_owned())];
                let whole = answer("the element itself", "value".to_owned());
                if was.ty.list {
                    answers.insert(0, whole);
                } else {
                    answers.insert(0, answer("what the element has under this name", format!("value->>'{field}'")));
                    answers.push(whole);
                }
                cx.ask("PS0747", &column.origin, question, answers);
                continue;
            }
        };
        all.push((*id, text));
    }
    (all.len() == to.len()).then_some(all)
}

/// How an element is made of a row, for old clients and for the way back; `-` where it is not, None while that is open.
fn back(cx: &mut Context, moved: &Moved, was: &Column, to: &Columns) -> Option<String> {
    let item = &was.origin.item;
    let ours = |at: &(String, String)| to.iter().any(|(_, c)| c.origin.model == at.0 && c.origin.item == at.1);
    let named = |of: &(String, String)| {
        of.1 == *item && (of.0 == was.origin.model || of.0 == cx.new_table(moved.to).origin.model)
    };
    let said = cx.intent.back.iter().find(|b| match (&b.at, &b.of) {
        (Some(at), of) => ours(at) && of.as_ref().is_none_or(named),
        (None, of) => of.as_ref().is_some_and(|of| of.0 == was.origin.model && of.1 == *item),
    });
    let label = was.origin.label();
    let question = format!("{label} leaves: what element is made of a row, for old clients and for the way back?");
    if let Some(back) = said {
        back.said.used.set(true);
        let none = back.said.text.trim() == "-";
        let answer = if none { "none: it does not follow" } else { &back.said.text };
        cx.decide("PS0717", &was.origin, &question, answer, &back.said.source);
        return Some(back.said.text.clone());
    }
    if was.ty.list && to.len() == 1 {
        return Some(cx.dialect.ident(&to[0].1.name));
    }
    if cx.intent.assumes(Assume::Drop) {
        cx.decide("PS0717", &was.origin, &question, "none: it does not follow", "--assume drop");
        return Some("-".to_owned());
    }
    let fields = to.iter().filter(|(id, _)| !said_to_be_the_place(cx, *id, to));
    let pairs = fields.map(|(_, c)| format!("'{}', {}", c.origin.item, cx.dialect.ident(&c.name).replace('"', "\\\"")));
    let object = format!("jsonb_build_object({})", pairs.collect::<Vec<_>>().join(", "));
    let above = &to[0].1.origin.label();
    let answer = |meaning: String, write: String| Answer { meaning, write };
    let answers = vec![
        answer(format!("an object of its fields; above {above}"), format!("/// @stage.back({item}: \"{object}\")")),
        answer("the same, under [back] in the intent file".to_owned(), format!("{label:?} = \"…\"")),
        answer(
            format!("none: what new clients write is not seen by old ones; above {above}"),
            format!("/// @stage.back({item}: -)"),
        ),
        answer("the same, for all such questions".to_owned(), "--assume drop".to_owned()),
    ];
    cx.ask("PS0717", &was.origin, question, answers);
    None
}

fn said_to_be_the_place(cx: &Context, id: ColumnId, to: &Columns) -> bool {
    let column = to.iter().find(|(own, _)| *own == id).map(|(_, c)| &c.origin);
    column.and_then(|o| cx.said(&cx.intent.using, o)).is_some_and(|said| said.text.trim() == "position")
}
