//! Prisma's own DDL of a schema, from its engine, kept by the schema's content in .cache/ddl.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

/// DDL by path of the schema, or why Prisma has none.
pub type Ddl = BTreeMap<PathBuf, Result<String, String>>;

/// Asks for all schemas at once those that are not in the cache.
pub fn of_all(schemas: impl Iterator<Item = PathBuf>) -> Result<Ddl, Box<dyn Error>> {
    let cache = Path::new(".cache/ddl");
    std::fs::create_dir_all(cache)?;
    let mut texts = BTreeMap::new();
    for schema in schemas {
        let text = std::fs::read_to_string(&schema)?;
        texts.insert(schema, (key(&text), text));
    }
    let mut missing: BTreeMap<String, String> = BTreeMap::new();
    for (key, text) in texts.values() {
        if kept(cache, key).is_none() {
            missing.insert(key.clone(), text.clone());
        }
    }
    // Each round takes out the features that Prisma has retired and now refuses.
    for _ in 0..4 {
        if missing.is_empty() {
            break;
        }
        ask(cache, &missing)?;
        missing = missing
            .into_iter()
            .filter_map(|(key, text)| Some((without_retired(cache, &key, &text)?, key, text)))
            .map(|(text, key, _)| (key, text))
            .collect();
    }
    let found = |key: &str| kept(cache, key).unwrap_or_else(|| Err("Prisma's engine said nothing".to_owned()));
    Ok(texts.into_iter().map(|(path, (key, _))| (path, found(&key))).collect())
}

/// What an earlier engine of Prisma wrote for the MySQL schemas, which today's does not.
pub fn written(corpus: &Path, schemas: impl Iterator<Item = PathBuf>) -> Ddl {
    let of = |schema: &Path| {
        let pair = schema.parent()?.strip_prefix(corpus).ok()?.to_string_lossy().replace('/', "__");
        let name = format!("{pair}.{}.sql", schema.file_stem()?.to_string_lossy());
        std::fs::read_to_string(corpus.parent()?.join("truth/mysql").join(name)).ok()
    };
    let found = |schema: PathBuf| {
        let ddl = of(&schema).ok_or_else(|| "nobody has written its DDL down".to_owned());
        (schema, ddl)
    };
    schemas.map(found).collect()
}

fn key(text: &str) -> String {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

fn kept(cache: &Path, key: &str) -> Option<Result<String, String>> {
    if let Ok(sql) = std::fs::read_to_string(cache.join(format!("{key}.sql"))) {
        return Some(Ok(sql));
    }
    let error = std::fs::read_to_string(cache.join(format!("{key}.error.json"))).ok()?;
    let error: serde_json::Value = serde_json::from_str(&error).ok()?;
    Some(Err(error["message"].as_str().unwrap_or("an error without a message").to_owned()))
}

fn ask(cache: &Path, texts: &BTreeMap<String, String>) -> Result<(), Box<dyn Error>> {
    let oracle = Command::new("scripts/oracle.sh").output()?;
    if !oracle.status.success() {
        return Err(String::from_utf8_lossy(&oracle.stderr).trim().into());
    }
    let oracle = PathBuf::from(String::from_utf8(oracle.stdout)?.trim());
    let list: Vec<serde_json::Value> = texts
        .iter()
        .map(|(key, text)| serde_json::json!({ "id": key, "from": null, "to": { "content": text } }))
        .collect();
    let file = cache.join(format!("list.{}.json", std::process::id()));
    std::fs::write(&file, serde_json::to_string(&list)?)?;
    let mut node = Command::new("node");
    node.arg(oracle.join("diff.mjs")).arg("--batch").arg(&file).arg("--out").arg(cache).arg("--neutral-url");
    // It ends with 1 if a single schema has an error, which is kept like an answer.
    let out = node.output()?;
    std::fs::remove_file(&file)?;
    let answered: BTreeSet<&String> = texts.keys().filter(|key| kept(cache, key).is_some()).collect();
    if answered.is_empty() {
        return Err(format!("Prisma's engine: {}", String::from_utf8_lossy(&out.stderr).trim()).into());
    }
    Ok(())
}

/// The schema without a preview feature that Prisma does not know any more, if that was its complaint.
fn without_retired(cache: &Path, key: &str, text: &str) -> Option<String> {
    let Some(Err(message)) = kept(cache, key) else { return None };
    let (_, rest) = message.split_once("The preview feature \"")?;
    let (feature, _) = rest.split_once('"')?;
    let quoted = format!("\"{feature}\"");
    let spellings = [format!("{quoted}, "), format!("{quoted},"), format!(", {quoted}"), quoted];
    let found = spellings.iter().find(|spelling| text.contains(spelling.as_str()))?;
    std::fs::remove_file(cache.join(format!("{key}.error.json"))).ok()?;
    Some(text.replacen(found.as_str(), "", 1))
}
