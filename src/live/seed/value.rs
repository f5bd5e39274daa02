//! One value of a type, as the text that the server reads: the n-th of as many different ones as there are.

use super::shape::Type;

/// How many different values [`value`] has for a type; `None` if it has none at all.
pub(in crate::live) fn capacity(ty: &Type) -> Option<u64> {
    let many = 1 << 40;
    if !ty.labels.is_empty() {
        return Some(ty.labels.len() as u64);
    }
    Some(match ty.name.as_str() {
        "bool" => 2,
        "int1" => 60,
        "int2" => 30_000,
        "int4" | "oid" => 2_000_000_000,
        "char" => 26,
        "bpchar" | "varchar" => match length(ty) {
            Some(length) if length < LONG => 36_u64.saturating_pow(length).min(many),
            Some(_) | None => many,
        },
        "bit" | "varbit" => bits(ty).map_or(many, |bits| 1 << bits.min(40)),
        "numeric" => scale(ty).map_or(many, |(precision, _)| 10_u64.saturating_pow(precision).min(many) - 1),
        "date" => 20_000,
        "time" | "timetz" => 86_400,
        "inet" | "cidr" | "macaddr" | "macaddr8" | "point" | "money" => 1 << 24,
        "text" | "citext" | "name" | "int8" | "float4" | "float8" | "timestamp" | "timestamptz" | "interval"
        | "uuid" | "json" | "jsonb" | "bytea" | "xml" | "tsvector" | "tsquery" | "hstore" | "ltree" | "vector"
        | "int4range" | "int8range" | "numrange" | "daterange" | "tsrange" | "tstzrange" => many,
        _ => return None,
    })
}

/// The `n`-th value; different for each `n` below the capacity. `salt` tells columns apart.
pub(in crate::live) fn value(ty: &Type, n: u64, salt: u64) -> String {
    if !ty.list {
        return scalar(ty, n, salt);
    }
    // One empty array; the first element tells the others apart.
    if n == 1 {
        return "{}".to_owned();
    }
    let elements: Vec<String> = (0..=n % 3)
        .map(|more| format!("\"{}\"", scalar(ty, n + more, salt).replace('\\', "\\\\").replace('"', "\\\"")))
        .collect();
    format!("{{{}}}", elements.join(","))
}

fn scalar(ty: &Type, n: u64, salt: u64) -> String {
    if !ty.labels.is_empty() {
        let at = (n + salt) % ty.labels.len() as u64;
        return ty.labels[usize::try_from(at).unwrap_or(0)].clone();
    }
    match ty.name.as_str() {
        "bool" => if (n + salt).is_multiple_of(2) { "true" } else { "false" }.to_owned(),
        "int1" => (n % 60 + 1).to_string(),
        "int2" | "int4" | "oid" => (n + 1).to_string(),
        "int8" if salt % 3 == 1 => (9_007_199_254_740_993 + n).to_string(),
        "int8" => (n + 1).to_string(),
        "float4" => format!("{}.25", n + 1),
        "float8" => format!("{}.1", n + 1),
        "money" => format!("{}.25", n + 1),
        "numeric" => number(ty, n),
        "char" => char::from(b'a' + u8::try_from(n % 26).unwrap_or(0)).to_string(),
        "bpchar" | "varchar" => text(length(ty), n, salt),
        "text" | "citext" => text(None, n, salt),
        "name" => format!("name {n}"),
        "bit" => binary(n, bits(ty).unwrap_or(1)),
        "varbit" => binary(n, bits(ty).unwrap_or(40).min(40)),
        "timestamp" => moment(n, ty.modifier),
        "timestamptz" => format!("{}+00", moment(n, ty.modifier)),
        "date" => day(n % 20_000),
        "time" => clock(n % 86_400),
        "timetz" => format!("{}+00", clock(n % 86_400)),
        "interval" => format!("{n} minutes"),
        "uuid" => format!("{:08x}-0000-4000-8000-{n:012x}", salt & 0xffff_ffff),
        "json" | "jsonb" => format!(r#"{{"n": {n}, "text": "it's \"{salt}\" – ü", "list": [1, null, {{}}]}}"#),
        "bytea" => format!("\\x00ff27{n:016x}"),
        "inet" => format!("10.{}.{}.{}", n >> 16 & 255, n >> 8 & 255, n & 255),
        "cidr" => format!("10.{}.{}.{}/32", n >> 16 & 255, n >> 8 & 255, n & 255),
        "macaddr" => format!("08:00:2b:{:02x}:{:02x}:{:02x}", n >> 16 & 255, n >> 8 & 255, n & 255),
        "macaddr8" => format!("08:00:2b:01:02:{:02x}:{:02x}:{:02x}", n >> 16 & 255, n >> 8 & 255, n & 255),
        "xml" => format!("<a n=\"{n}\">ü &amp; o</a>"),
        "tsvector" | "tsquery" => format!("'word{n}'"),
        "hstore" => format!("\"n\"=>\"{n}\""),
        "ltree" => format!("top.n{n}"),
        "vector" => vector(ty, n),
        "point" => format!("({n},1)"),
        "int4range" | "int8range" | "numrange" => format!("[{n},{})", n + 1),
        "daterange" => format!("[{},{})", day(n % 20_000), day(n % 20_000 + 1)),
        "tsrange" | "tstzrange" => format!("[{0} 00:00:00,{0} 12:00:00)", day(n % 20_000)),
        _ => String::new(),
    }
}

/// From this length on a text has room for more than its number.
const LONG: u32 = 24;

fn text(length: Option<u32>, n: u64, salt: u64) -> String {
    match length {
        Some(length) if length < LONG => digits(n, length),
        Some(_) | None => match (n + salt) % 9 {
            0 => format!("Zoë O'Hara {n}"),
            1 => format!("user{n}@example.com"),
            2 => format!("say \"{n}\" twice"),
            3 => format!("🚀🎉 {n}"),
            4 => format!("two\nlines\t{n}"),
            5 => format!(r"C:\temp\{n} 100%_"),
            6 => format!("日本語 {n}"),
            7 => format!("  $1 $$ -- ; {n}"),
            _ => format!("NULL {n}"),
        },
    }
}

/// The number with base 36, always as long as the type allows up to 8, so that blanks at the end cannot matter.
fn digits(n: u64, length: u32) -> String {
    let mut rest = n;
    let mut out = Vec::new();
    for _ in 0..length.min(8) {
        let digit = u8::try_from(rest % 36).unwrap_or(0);
        out.push(if digit < 10 { b'0' + digit } else { b'a' + digit - 10 });
        rest /= 36;
    }
    out.iter().rev().map(|b| char::from(*b)).collect()
}

/// `character(n)` and `character varying(n)` keep n + 4.
fn length(ty: &Type) -> Option<u32> {
    match ty.modifier {
        -1 if ty.name == "bpchar" => Some(1),
        modifier => u32::try_from(modifier - 4).ok(),
    }
}

/// `bit(n)` keeps n; a plain `bit` is `bit(1)`.
fn bits(ty: &Type) -> Option<u32> {
    match ty.modifier {
        -1 if ty.name == "bit" => Some(1),
        modifier => u32::try_from(modifier).ok(),
    }
}

fn binary(n: u64, length: u32) -> String {
    let low = if length >= 64 { n } else { n & ((1 << length) - 1) };
    format!("{low:0width$b}", width = length as usize)
}

/// `numeric(precision, scale)` keeps precision << 16 | scale, plus 4.
fn scale(ty: &Type) -> Option<(u32, u32)> {
    let packed = u32::try_from(ty.modifier - 4).ok()?;
    Some((packed >> 16, packed & 0x7ff))
}

fn number(ty: &Type, n: u64) -> String {
    let (precision, scale) = scale(ty).unwrap_or((30, 5));
    if precision - scale.min(precision) >= 9 {
        return if scale == 0 { format!("{}", n + 1) } else { format!("{}.{:.*}", n + 1, scale as usize, "5") };
    }
    let digits = format!("{:0width$}", n + 1, width = scale as usize + 1);
    let (whole, part) = digits.split_at(digits.len() - scale as usize);
    if scale == 0 { whole.to_owned() } else { format!("{whole}.{part}") }
}

/// A point in time with as many digits of a second as are kept.
fn moment(n: u64, modifier: i32) -> String {
    let kept = usize::try_from(modifier).unwrap_or(6).min(6);
    let part = format!("{:06}", n * 7_351 % 1_000_000);
    let seconds = clock(n * 61 % 86_400);
    let dot = if kept == 0 { "" } else { "." };
    format!("{} {seconds}{dot}{}", day(n % 20_000), &part[..kept])
}

fn clock(second: u64) -> String {
    format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
}

/// The n-th day from 2001 on, in months of 28 days.
fn day(n: u64) -> String {
    format!("{:04}-{:02}-{:02}", 2001 + n / 336, n / 28 % 12 + 1, n % 28 + 1)
}

fn vector(ty: &Type, n: u64) -> String {
    let length = usize::try_from(ty.modifier).unwrap_or(3);
    let mut parts = vec!["1".to_owned(); length.max(1)];
    parts[0] = n.to_string();
    format!("[{}]", parts.join(","))
}
