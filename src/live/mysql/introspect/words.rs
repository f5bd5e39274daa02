//! A column in the server's words.

use crate::catalog::{BaseType, ColumnType, Default, Literal};
use crate::dialect::mysql::{Family, family};

/// A column as `SHOW COLUMNS` has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) name: String,
    /// `varchar(191)`, `int unsigned`
    pub(super) ty: String,
    pub(super) nullable: bool,
    default: Option<String>,
    /// Does the server number the rows by it?
    pub(super) numbered: bool,
    /// `DEFAULT_GENERATED on update CURRENT_TIMESTAMP(3)`
    extra: String,
}

/// The server's words for types, and Prisma's; those that are not here are the same in capitals.
const NAMES: [(&str, &str); 2] = [("int", "INTEGER"), ("numeric", "DECIMAL")];

impl Words {
    /// Field, Type, Null, Key, Default, Extra.
    pub(super) fn of(row: Vec<Option<String>>) -> Words {
        let part = |at: usize| row.get(at).cloned().flatten();
        // Of a temporary table MySQL says NULL in letters.
        let extra = part(5).filter(|extra| extra != "NULL").unwrap_or_default();
        let numbered = extra.contains("auto_increment");
        Words {
            name: part(0).unwrap_or_default(),
            ty: part(1).unwrap_or_default(),
            nullable: part(2).as_deref() == Some("YES"),
            default: part(4),
            numbered,
            extra: extra.replace("auto_increment", "").trim().to_owned(),
        }
    }

    /// What MariaDB makes of JSON, too.
    pub(super) fn is_long_text(&self) -> bool {
        self.ty == "longtext"
    }

    /// The same default, and the same of what no schema says?
    pub(super) fn says_the_same(&self, other: &Words) -> bool {
        self.plain_default() == other.plain_default() && self.plain_extra() == other.plain_extra() && !other.numbered
    }

    /// Of a temporary table MySQL prints the quotes of an expression bare, and parentheses around it.
    fn plain_default(&self) -> Option<String> {
        let text = self.default.as_ref()?.replace("\\'", "'");
        let inner = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).map(str::to_owned);
        Some(inner.unwrap_or(text))
    }

    /// Nor does it say there that it is one.
    fn plain_extra(&self) -> String {
        self.extra.replace("DEFAULT_GENERATED", "").trim().to_owned()
    }

    /// The labels of an enum.
    pub(super) fn labels(&self) -> Option<Vec<String>> {
        labels(&self.ty)
    }

    /// The type, in the words of Prisma's DDL.
    pub(super) fn column_type(&self) -> ColumnType {
        if self.ty == "tinyint(1)" {
            return ColumnType::native("BOOLEAN", &[]);
        }
        let (name, rest) = self.ty.split_once('(').unwrap_or((&self.ty, ""));
        let (args, behind) = rest.split_once(')').unwrap_or(("", rest));
        let (name, sign) = name.split_once(' ').unwrap_or((name, behind));
        let args: Option<Vec<u32>> =
            args.split(',').filter(|a| !a.is_empty()).map(|arg| arg.trim().parse().ok()).collect();
        let Some(args) = args else { return raw(&self.ty) };
        let known = NAMES.iter().find(|(own, _)| *own == name).map(|(_, prisma)| (*prisma).to_owned());
        let mut base = known.unwrap_or_else(|| name.to_uppercase());
        // The width in which a number is shown says nothing.
        let args = if base.contains("INT") || base == "YEAR" { Vec::new() } else { args };
        if sign.contains("unsigned") {
            base.push_str(" UNSIGNED");
        }
        let ty = ColumnType::native(&base, &args);
        if family(&ty) == Family::Raw { raw(&self.ty) } else { ty }
    }

    /// The default, of a column of this type.
    pub(super) fn default(&self, ty: &ColumnType) -> Option<Default> {
        if self.numbered {
            return Some(Default::Sequence);
        }
        let text = self.default.clone().filter(|text| text != "NULL" || self.extra.contains("DEFAULT_GENERATED"))?;
        if self.extra.contains("on update") {
            let (_, update) = self.extra.split_once("on update").unwrap_or_default();
            return Some(Default::Sql(format!("{text} ON UPDATE{update}")));
        }
        let lower = text.to_lowercase();
        if lower.starts_with("current_timestamp") {
            return Some(Default::Now);
        }
        if self.extra.contains("DEFAULT_GENERATED") {
            return Some(Default::Sql(format!("({text})")));
        }
        let number = || text.parse::<f64>().is_ok();
        Some(match family(ty) {
            Family::Boolean => match lower.as_str() {
                "1" | "b'1'" => Default::Literal(Literal::Boolean(true)),
                "0" | "b'0'" => Default::Literal(Literal::Boolean(false)),
                _ => Default::Sql(text),
            },
            Family::Whole | Family::Decimal | Family::Float if number() => Default::Literal(Literal::Number(text)),
            Family::Text => Default::Literal(Literal::String(text)),
            Family::Enum => Default::Literal(Literal::Enum(text)),
            Family::Time => Default::Literal(Literal::DateTime(text)),
            Family::Json => Default::Literal(Literal::Json(text)),
            Family::Whole | Family::Decimal | Family::Float | Family::Bytes | Family::Raw => Default::Sql(text),
        })
    }
}

/// The labels of an enum, out of `enum('a','b')`: quotes are doubled there, and backslashes escape.
pub(in super::super) fn labels(ty: &str) -> Option<Vec<String>> {
    let inner = ty.strip_prefix("enum(")?.strip_suffix(')')?;
    let (mut all, mut label, mut inside) = (Vec::new(), String::new(), false);
    let mut chars = inner.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\'' if !inside => inside = true,
            '\'' if chars.next_if_eq(&'\'').is_some() => label.push('\''),
            '\'' => {
                inside = false;
                all.push(std::mem::take(&mut label));
            }
            '\\' if inside => match chars.next()? {
                'n' => label.push('\n'),
                'r' => label.push('\r'),
                '0' => label.push('\0'),
                plain => label.push(plain),
            },
            c if inside => label.push(c),
            _ => {}
        }
    }
    Some(all)
}

fn raw(text: &str) -> ColumnType {
    ColumnType { base: BaseType::Raw(text.to_owned()), list: false }
}

#[cfg(test)]
mod tests {
    use super::Words;
    use crate::catalog::{ColumnType, Default, Literal};

    fn words(ty: &str, default: Option<&str>, extra: &str) -> Words {
        let text = |text: &str| Some(text.to_owned());
        Words::of(vec![text("c"), text(ty), text("NO"), text(""), default.map(str::to_owned), text(extra)])
    }

    #[test]
    fn types_are_in_prismas_words() {
        let ty = |text: &str| words(text, None, "").column_type();
        assert_eq!(ty("int(11)"), ColumnType::native("INTEGER", &[]));
        assert_eq!(ty("int unsigned"), ColumnType::native("INTEGER UNSIGNED", &[]));
        assert_eq!(ty("bigint(20) unsigned"), ColumnType::native("BIGINT UNSIGNED", &[]));
        assert_eq!(ty("tinyint(1)"), ColumnType::native("BOOLEAN", &[]));
        assert_eq!(ty("tinyint"), ColumnType::native("TINYINT", &[]));
        assert_eq!(ty("decimal(65,30)"), ColumnType::native("DECIMAL", &[65, 30]));
        assert_eq!(ty("datetime(3)"), ColumnType::native("DATETIME", &[3]));
        let labels = words(r"enum('a','it''s, b','','c\\d')", None, "").labels();
        assert_eq!(labels.unwrap_or_default(), ["a", "it's, b", "", r"c\d"]);
    }

    #[test]
    fn defaults_are_in_prismas_words() {
        let default = |ty: &str, text: &str, extra: &str| {
            let words = words(ty, Some(text), extra);
            words.default(&words.column_type())
        };
        let number = Literal::Number("5".to_owned());
        assert_eq!(default("int", "5", ""), Some(Default::Literal(number)));
        assert_eq!(default("tinyint(1)", "1", ""), Some(Default::Literal(Literal::Boolean(true))));
        assert_eq!(default("datetime(3)", "CURRENT_TIMESTAMP(3)", "DEFAULT_GENERATED"), Some(Default::Now));
        assert_eq!(default("varchar(36)", "uuid()", "DEFAULT_GENERATED"), Some(Default::Sql("(uuid())".to_owned())));
        assert_eq!(
            words("int", None, "auto_increment").default(&ColumnType::native("INTEGER", &[])),
            Some(Default::Sequence)
        );
    }
}
