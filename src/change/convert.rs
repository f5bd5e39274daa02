//! Values of one type as values of another, there and back: by what the database can do, by what was said, or asked for.

use super::carry::{self, Carried};
use super::{Context, primary_key, remake_enum, renew};
use crate::catalog::{Column, ColumnId, ColumnType, Expr, TableId};
use crate::dialect::{Cast, Proposal, Works};
use crate::intent::Said;
use crate::options::Assume;
use crate::question::Answer;

/// What the new column holds, and the old one on the way back.
pub struct Conversion {
    /// The new value out of the old column.
    pub forth: Expr,
    /// The old value out of the new column; None where there is no way back.
    pub back: Option<Expr>,
    /// Is nothing lost by going back?
    pub exact: bool,
    /// Has every value a way back?
    pub total: bool,
    /// Has every value of the new type one of the old type, so that going back loses nothing of what was written since?
    pub fits: bool,
    /// Where the new value comes from.
    pub way: Way,
}

/// Where a new value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The old one, whenever the row is written.
    Computed,
    /// From nowhere: a row gets one once, and keeps it.
    Once,
    /// The row that the old one points at.
    Found,
}

/// Two columns of one table, the second in the place of the first.
pub struct Pairing<'c> {
    /// The table.
    pub on: TableId,
    /// Their identities.
    pub ids: (ColumnId, ColumnId),
    /// The column of OLD.
    pub was: &'c Column,
    /// The column of NEW.
    pub column: &'c Column,
    /// What the new one is called in messages.
    pub label: &'c str,
    /// Are both columns used at once, so that the old one has to follow what new clients write?
    pub beside: bool,
}

/// How values become others; None if a question is open.
pub fn values(cx: &mut Context, pair: &Pairing) -> Option<Conversion> {
    let Pairing { ids: (old, new), was, column, .. } = *pair;
    if let Some(map) = remake_enum::between(cx, &was.ty, &column.ty) {
        let remap = |column, to: &Column, labels: &[(String, String)]| Expr::Remap {
            column,
            to: to.ty.clone(),
            labels: labels.to_vec(),
        };
        let (forth, back) = (remap(old, column, &map.forth), remap(new, was, &map.back));
        let (forth, back) = (forth, Some(back));
        // Where rows keep the values that leave, the old column alone tells them apart.
        let exact = !remake_enum::keeps(cx, old, new, map);
        return Some(Conversion { forth, back, exact, total: true, fits: true, way: Way::Computed });
    }
    for renewed in [renew::once, renew::found] {
        if let Some(conversion) = renewed(cx, pair).ok()? {
            return Some(conversion);
        }
    }
    let cast = cx.dialect.cast(&cx.enums_of_both(), &was.ty, &column.ty, "x");
    let using = cx.said(&cx.intent.using, &column.origin).cloned();
    let carried = if using.is_none() { carry::carried(cx, pair) } else { Carried::Nothing };
    let using = match carried {
        Carried::Nothing => using,
        Carried::Using(said) => Some(said),
        // Where a foreign key points, it is asked.
        Carried::Asked if cast.as_ref().is_some_and(|c| c.total) => None,
        Carried::Asked if cx.intent.assumes(Assume::Placeholder) && cx.dialect.derives(&column.ty) => None,
        Carried::Asked => return None,
    };
    let exact = using.is_none() && cast.as_ref().is_some_and(|c| c.exact && c.total);
    cx.reading |= using.is_none() && cast.as_ref().is_some_and(Cast::reads);
    let forth = forth(cx, pair, cast, using.as_ref());
    let back = back(cx, pair, using.is_some());
    let (forth, back) = (forth?, back?);
    if exact && back.exact {
        cx.exact.insert(new);
    }
    let (exact, total, fits) = (exact && back.exact, back.total, back.fits);
    Some(Conversion { forth, back: back.value, exact, total, fits, way: Way::Computed })
}

fn forth(cx: &mut Context, pair: &Pairing, cast: Option<Cast>, using: Option<&Said>) -> Option<Expr> {
    let Pairing { on, ids: (old, new), was, column, label, .. } = *pair;
    let ty = |at: &crate::catalog::Catalog, column: &Column| cx.dialect.type_name(at, &column.ty);
    let question = match &cast {
        Some(_) => format!("{label}: what does a row get whose value does not fit the new type?"),
        None => format!(
            "{label}: how do values of type {} become of type {}?",
            ty(cx.old(), was),
            ty(cx.new_catalog(), column)
        ),
    };
    let at = &cx.enums_of_both();
    let fallback = cx.said(&cx.intent.fallback, &column.origin);
    let null = fallback.filter(|said| column.nullable && said.text.trim().eq_ignore_ascii_case("null"));
    let literal = match fallback.filter(|_| null.is_none()) {
        None => None,
        Some(said) => match cx.dialect.parse_literal(at, &column.ty, &said.text) {
            Ok(value) => Some(Box::new(value)),
            Err(why) => {
                let question = format!("{question} ({:?} does not fit: {why})", said.text);
                let answers = answers(cx, pair, cast.is_some());
                cx.ask("PS0706", &column.origin, question, answers);
                return None;
            }
        },
    };
    if let Some(said) = using {
        let question = format!("how do values of {label} become of the new type?");
        cx.decide("PS0706", &column.origin, &question, &said.text, &said.source);
        let value = Expr::Sql(said.text.clone());
        return Some(match literal {
            Some(other) => Expr::Coalesce(vec![value, *other]),
            None => value,
        });
    }
    let keyed = primary_key::is_key(cx, on, old, new);
    let converted = |fallback| Some(Expr::Cast { column: old, to: column.ty.clone(), fallback });
    if let Some(cast) = cast.as_ref().filter(|c| c.total) {
        if !cast.exact {
            let answer = "they keep what the new type can hold of them";
            cx.decide("PS0706", &column.origin, &question, answer, "the schema");
        } else if column.ty == ColumnType::native("UUID", &[]) && !was.ty.is_text() {
            let answer = "every number fits: it is written in hexadecimal digits, behind zeros";
            cx.decide("PS0706", &column.origin, &question, answer, "the schema");
        } else if cx.dialect.works(&was.ty, &column.ty) == Works::Not
            && cx.dialect.works(&column.ty, &was.ty) == Works::Not
        {
            let answer =
                if column.ty.list { "a list of it" } else { "each becomes one of the new type, and none is lost" };
            cx.decide("PS0706", &column.origin, &question, answer, "the schema");
        }
        return converted(None);
    }
    if let Some(said) = fallback {
        cx.decide("PS0706", &column.origin, &question, &said.text, &said.source);
        return converted(literal);
    }
    if cx.intent.assumes(Assume::Placeholder) && !(keyed && cast.is_none()) {
        // Different values stay different: what points at them, with a foreign key or without, follows.
        if cast.is_some() && cx.dialect.derives(&column.ty) && (keyed || column.ty == ColumnType::native("UUID", &[])) {
            let answer = "a UUID computed from the value, the same wherever the value stands";
            cx.decide("PS0706", &column.origin, &question, answer, "--assume placeholder");
            return converted(Some(Box::new(Expr::Derived(old))));
        }
        // One value for many would not be unique.
        let alone = cx.is_unique_alone(on, new);
        if !keyed
            && !alone
            && let Some(zero) = zero(cx, column)
        {
            cx.decide("PS0706", &column.origin, &question, "the zero value of its type", "--assume placeholder");
            return converted(Some(zero));
        }
        if !keyed && column.nullable {
            let answer =
                if alone { "NULL: one value for many would not be unique" } else { "NULL: its type has no zero value" };
            cx.decide("PS0706", &column.origin, &question, answer, "--assume placeholder");
            return converted(None);
        }
    }
    let answers = answers(cx, pair, cast.is_some());
    cx.ask("PS0706", &column.origin, question, answers);
    None
}

struct Back {
    value: Option<Expr>,
    exact: bool,
    total: bool,
    fits: bool,
}

/// What the old column gets of the new one.
fn back(cx: &mut Context, pair: &Pairing, using: bool) -> Option<Back> {
    let Pairing { on, ids: (old, new), was, column, beside, .. } = *pair;
    let nothing = Back { value: None, exact: false, total: false, fits: false };
    let at = &cx.enums_of_both();
    let keyed = primary_key::is_key(cx, on, old, new);
    let (from, to) = (cx.column_label(on, &was.name), cx.column_label(on, &column.name));
    let question = if beside {
        format!("what does {from} get when new clients write {to}?")
    } else {
        format!("what does the old column get when new clients write {to}?")
    };
    let field = |c: &Column| (c.origin.model.clone(), c.origin.item.clone());
    if let Some(said) = cx.intent.back_from(&field(column), &field(was)) {
        let none = said.text.trim() == "-";
        let answer = if none { "nothing: it keeps what it has" } else { &said.text };
        cx.decide("PS0726", &column.origin, &question, answer, &said.source);
        if none {
            return Some(nothing);
        }
        // One value for many would be no key.
        let zero = if was.nullable || keyed || in_unique(cx, on, old) { None } else { zero(cx, was) };
        let total = was.nullable || zero.is_some();
        let value = Expr::Sql(said.text.clone());
        let value = Some(match zero {
            Some(zero) => Expr::Coalesce(vec![value, *zero]),
            None => value,
        });
        return Some(Back { value, exact: false, total, fits: false });
    }
    let cast = cx.dialect.cast(at, &column.ty, &was.ty, "x");
    // What was said for the one way need not be what the database would do for the other.
    let unsure = beside && (using || cast.is_none());
    if unsure && !cx.intent.assumes(Assume::Placeholder) {
        let answers = back_answers(cx, pair, cast.is_some());
        cx.ask("PS0726", &column.origin, question, answers);
        return None;
    }
    let Some(cast) = cast.filter(|_| !unsure) else {
        if unsure {
            let answer = "nothing: it keeps what it has";
            cx.decide("PS0726", &column.origin, &question, answer, "--assume placeholder");
        }
        return Some(nothing);
    };
    cx.reading |= cast.reads();
    let fallback = if cast.total || was.nullable || keyed || in_unique(cx, on, old) { None } else { zero(cx, was) };
    let fits = cast.total;
    let total = fits || fallback.is_some();
    let value = Expr::Cast { column: new, to: was.ty.clone(), fallback };
    let exact = cast.exact && !using;
    // What new clients leave without a value was required. Where old clients read it meanwhile, they would take a placeholder for a
    // value.
    if column.nullable && !was.nullable && !beside {
        let zero = if keyed || in_unique(cx, on, old) { None } else { zero(cx, was) };
        let total = total && zero.is_some();
        let value = Some(match zero {
            Some(zero) => Expr::Coalesce(vec![value, *zero]),
            None => value,
        });
        return Some(Back { value, exact, total, fits });
    }
    Some(Back { value: Some(value), exact, total, fits })
}

/// Is the column part of what is unique in OLD? Then one value for all that do not fit would refuse the second of them.
fn in_unique(cx: &Context, on: TableId, id: ColumnId) -> bool {
    cx.old_table(on).indexes.values().any(|i| i.unique && i.columns.iter().any(|c| c.column == id))
}

/// What rows without a value get beside a conversion: a random value would be another one each time it is computed.
pub fn lasting(cx: &Context, on: TableId, id: ColumnId, column: &Column, value: Expr) -> Expr {
    match zero(cx, column) {
        Some(zero) if value == Expr::Uuid && !cx.is_unique_alone(on, id) => *zero,
        Some(_) | None => value,
    }
}

/// The same for each value that does not fit, so that it can be checked afterwards.
fn zero(cx: &Context, column: &Column) -> Option<Box<Expr>> {
    cx.dialect.zero(&cx.enums_of_both(), &column.ty).map(|zero| Box::new(Expr::Literal(zero)))
}

fn proposals(cx: &Context, pair: &Pairing) -> Vec<Proposal> {
    let names = (pair.was.name.as_str(), pair.column.name.as_str());
    cx.dialect.proposals(&cx.enums_of_both(), &pair.was.ty, &pair.column.ty, names)
}

/// A directive with text in quotes.
fn directive(name: &str, text: &str) -> String {
    format!("/// @stage.{name}(\"{}\")", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The ways to answer PS0706; `fits` where some values have a counterpart.
pub fn answers(cx: &Context, pair: &Pairing, fits: bool) -> Vec<Answer> {
    let label = pair.column.origin.label();
    let keyed = primary_key::is_key(cx, pair.on, pair.ids.0, pair.ids.1);
    let mut all = Vec::new();
    for Proposal { meaning, using, back } in proposals(cx, pair) {
        let meaning = format!("{meaning}, and {} beside it for the way back; above {label}", directive("back", &back));
        all.push(Answer { meaning, write: directive("using", &using) });
    }
    if keyed && fits {
        let operand = cx.dialect.ident(&pair.was.name);
        let to = cx.dialect.type_name(cx.new_catalog(), &pair.column.ty);
        let meaning =
            format!("every value fits, and writes of others are refused; above {label}, and what points at it follows");
        all.push(Answer { meaning, write: directive("using", &format!("CAST({operand} AS {to})")) });
    }
    let renewed =
        if cx.is_unique_alone(pair.on, pair.ids.1) && keyed { renew::offers(cx, pair.was, pair.column) } else { None };
    if let Some(call) = renewed {
        let what = if call == renew::NUMBER { "a new number" } else { "a new random id" };
        let meaning = format!("{what} for each row, and what points at it follows; above {label}");
        all.push(Answer { meaning, write: directive("using", call) });
    }
    let mut same = vec![Answer {
        meaning: format!("{}; above {label}", if fits { "this value" } else { "this value, for every row" }),
        write: "/// @stage.fallback(\"…\")".into(),
    }];
    if pair.column.nullable && fits {
        let meaning = format!("NULL; above {label}");
        same.push(Answer { meaning, write: "/// @stage.fallback(\"NULL\")".into() });
    }
    let computed = Answer {
        meaning: format!("computed from the row's columns, for every row; above {label}"),
        write: "/// @stage.using(\"…\")".into(),
    };
    // One value for many would be no key.
    if cx.is_unique_alone(pair.on, pair.ids.1) {
        all.push(computed);
    } else if fits {
        all.extend(same);
        all.push(computed);
    } else {
        all.push(computed);
        all.extend(same);
    }
    if !keyed && !pair.column.nullable && cx.is_unique_alone(pair.on, pair.ids.1) {
        return all;
    }
    if keyed && renewed != Some(renew::NUMBER) && !(fits && cx.dialect.derives(&pair.column.ty)) {
        return all;
    }
    all.push(Answer {
        meaning: match (keyed, renewed) {
            (true, Some(renew::NUMBER)) => "the same, for every such key; elsewhere the zero value of the type".into(),
            (true, _) => "a UUID computed from the value, the same wherever it stands, for every such key".into(),
            (false, _) => "the zero value of each type, for every such field".into(),
        },
        write: "--assume placeholder".into(),
    });
    all
}

fn back_answers(cx: &Context, pair: &Pairing, fits: bool) -> Vec<Answer> {
    let label = pair.column.origin.label();
    let natural = fits.then(|| {
        let operand = cx.dialect.ident(&pair.column.name);
        cx.dialect.cast(&cx.enums_of_both(), &pair.column.ty, &pair.was.ty, &operand).map(|cast| cast.sql)
    });
    let mut all: Vec<Answer> = proposals(cx, pair)
        .into_iter()
        .map(|p| Answer {
            meaning: format!("{}, turned round; above {label}", p.meaning),
            write: directive("back", &p.back),
        })
        .collect();
    if let Some(sql) = natural.flatten().filter(|sql| sql.len() < 80) {
        let meaning = format!("the value as one of the old type; above {label}");
        all.push(Answer { meaning, write: directive("back", &sql) });
    }
    all.push(Answer {
        meaning: format!(
            "computed from the row's columns, {} among them; above {label}",
            cx.dialect.ident(&pair.column.name)
        ),
        write: "/// @stage.back(\"…\")".into(),
    });
    all.push(Answer {
        meaning: "the same, under [back] in the intent file".into(),
        write: format!("\"{label}\" = \"…\""),
    });
    all.push(Answer {
        meaning: format!("nothing: old clients go on with what they have; above {label}"),
        write: "/// @stage.back(-)".into(),
    });
    all.push(Answer { meaning: "nothing, for every such field".into(), write: "--assume placeholder".into() });
    all
}
