//! The JSON Schemas that the tool prints, held against what it prints: a checker of the part of JSON Schema that they use,
//! strict in that a property the schema does not name is an error.

use crate::run::Scratch;
use crate::script_by_hand::everything;
use prisma_stage::diag::{Diagnostic, Diagnostics, Edit};
use prisma_stage::output::json;
use prisma_stage::script::Script;
use prisma_stage::source::{Sources, Span};
use prisma_stage::{Answer, Question};
use serde_json::Value;

#[test]
fn plans_are_as_their_schema_says() {
    for script in [everything(), Script::default()] {
        hold(&json::plan_schema(), &json::plan(&script));
    }
}

#[test]
fn failures_are_as_their_schema_says() {
    let mut sources = Sources::default();
    let file = sources.add("a.prisma", "model Käse {\n  é Strin\n}\n");
    let span = Span { file, start: 19, end: 24 };
    let mut diagnostics = Diagnostics::default();
    diagnostics.push(
        Diagnostic::error("PS0203", "no type")
            .at(span)
            .saying("here")
            .label(Span { file, start: 0, end: 5 }, "in this model")
            .note("a note")
            .help("a help")
            .fix("write it so", vec![Edit { span, text: "String".into() }]),
    );
    diagnostics.push(Diagnostic::warning("PS0001", "nowhere"));
    let answers = vec![Answer { meaning: "yes".into(), write: "--rename a=b".into() }];
    let question = Question { code: "PS0701", subject: "User.name".into(), question: "renamed?".into(), answers };
    let text = json::failure(&sources, &diagnostics, &[question]);
    hold(&json::failure_schema(), &text);

    let value: Value = serde_json::from_str(&text).unwrap();
    let start = &value["diagnostics"][0]["span"]["start"];
    assert_eq!((&start["line"], &start["column"], &start["offset"]), (&2.into(), &5.into(), &19.into()));
    assert_eq!(value["questions"][0]["answers"][0]["write"], "--rename a=b");
}

#[test]
fn comparisons_are_as_their_schema_says() {
    let differences = [json::Difference { path: "RUNBOOK.md".into(), how: json::How::Changed }];
    hold(&json::comparison_schema(), &json::comparison(&differences));
    hold(&json::comparison_schema(), &json::comparison(&[]));
}

#[test]
fn the_tool_prints_its_schemas() {
    for (name, text) in [
        ("plan", json::plan_schema()),
        ("failure", json::failure_schema()),
        ("comparison", json::comparison_schema()),
        ("check", json::check_schema()),
        ("analyze", prisma_stage::output::analysis::json::schema()),
    ] {
        assert_eq!(Scratch::new().run(&["schema", name]).stdout, text);
    }
}

pub fn hold(schema: &str, value: &str) {
    let schema: Value = serde_json::from_str(schema).unwrap();
    let value: Value = serde_json::from_str(value).unwrap();
    if let Err(why) = check(&schema, &schema, &value) {
        panic!("{why}");
    }
}

fn check(root: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    if let Some(path) = schema["$ref"].as_str() {
        return check(root, root.pointer(path.trim_start_matches('#')).ok_or(path)?, value);
    }
    for key in ["oneOf", "anyOf"] {
        if let Some(options) = schema[key].as_array() {
            let matching = options.iter().filter(|option| check(root, option, value).is_ok()).count();
            if matching != 1 {
                return Err(format!("{matching} of {key} match {value}"));
            }
        }
    }
    if !schema["const"].is_null() && schema["const"] != *value {
        return Err(format!("{value} is not {}", schema["const"]));
    }
    if schema["enum"].as_array().is_some_and(|allowed| !allowed.contains(value)) {
        return Err(format!("{value} is none of {}", schema["enum"]));
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    match &schema["type"] {
        Value::String(wanted) if wanted != kind => return Err(format!("{value} is no {wanted}")),
        Value::Array(wanted) if !wanted.iter().any(|w| w == kind) => {
            return Err(format!("{value} is none of {wanted:?}"));
        }
        _ => {}
    }
    if let (Value::Array(items), Value::Object(_)) = (value, &schema["items"]) {
        items.iter().try_for_each(|item| check(root, &schema["items"], item))?;
    }
    if let (Value::Object(fields), Some(known)) = (value, schema["properties"].as_object()) {
        for (name, field) in fields {
            check(root, known.get(name).ok_or(format!("{name} is not in the schema"))?, field)?;
        }
        for name in schema["required"].as_array().into_iter().flatten() {
            fields.get(name.as_str().unwrap()).ok_or(format!("{name} is missing in {value}"))?;
        }
    }
    Ok(())
}
