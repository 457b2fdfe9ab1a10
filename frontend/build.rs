//! Turns the locale files into Rust: every visible text is a variant of `K` (or `P`, with a plural),
//! so that a text missing in one language, or with other placeholders, fails the build.

use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

/// Keys under these prefixes are looked up by a code that the server sends; only their names are in the bundle.
const BY_CODE: [&str; 10] =
    ["problem.", "state.", "role.", "action.", "trace.", "finding.", "kind.", "measure.", "job.", "check."];

type Outcome<T> = Result<T, String>;

fn main() -> Outcome<()> {
    println!("cargo::rerun-if-changed=locales");
    println!("cargo::rerun-if-changed=build.rs");
    let it = read("it")?;
    let en = read("en")?;
    let faults = compare(&it, &en);
    if !faults.is_empty() {
        return Err(format!("the locale files do not agree:\n  {}", faults.join("\n  ")));
    }
    let out = env::var("OUT_DIR").map_err(|error| error.to_string())?;
    fs::write(Path::new(&out).join("texts.rs"), generate(&it, &en)?).map_err(|error| error.to_string())
}

/// One text, or its singular and plural.
enum Message {
    Plain(String),
    Plural { one: String, other: String },
}

fn read(language: &str) -> Outcome<BTreeMap<String, Message>> {
    let path = format!("locales/{language}.json");
    let source = fs::read_to_string(&path).map_err(|error| format!("cannot read `{path}`: {error}"))?;
    let parsed: Map<String, Value> =
        serde_json::from_str(&source).map_err(|error| format!("`{path}` is not a JSON object: {error}"))?;

    // serde_json keeps the last of two equal keys without a word; one key a line makes them easy to see.
    let mut seen = BTreeSet::new();
    for line in source.lines() {
        if let Some(key) = line.strip_prefix("  \"").and_then(|rest| rest.split('"').next()) {
            seen.insert(key).then_some(()).ok_or_else(|| format!("`{path}` has the key `{key}` twice"))?;
        }
    }
    if seen.len() != parsed.len() {
        return Err(format!("`{path}` must have one key a line, indented by two spaces"));
    }

    let mut messages = BTreeMap::new();
    for (key, value) in parsed {
        if !key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._".contains(&byte)) {
            return Err(format!("`{path}`: the key `{key}` has other signs than a-z, 0-9, `.` and `_`"));
        }
        let message = match &value {
            Value::String(text) if !text.trim().is_empty() => Message::Plain(text.clone()),
            Value::Object(forms) => match (forms.get("one"), forms.get("other"), forms.len()) {
                (Some(Value::String(one)), Some(Value::String(other)), 2) => {
                    Message::Plural { one: one.clone(), other: other.clone() }
                }
                _ => return Err(format!("`{path}`: `{key}` needs exactly the forms `one` and `other`")),
            },
            _ => return Err(format!("`{path}`: `{key}` is neither a text nor a plural")),
        };
        messages.insert(key, message);
    }
    Ok(messages)
}

/// Everything in which the two languages differ, all at once.
fn compare(it: &BTreeMap<String, Message>, en: &BTreeMap<String, Message>) -> Vec<String> {
    let mut faults = Vec::new();
    for key in it.keys().filter(|key| !en.contains_key(*key)) {
        faults.push(format!("`{key}` is missing in en.json"));
    }
    for (key, english) in en {
        match (it.get(key), english) {
            (None, _) => faults.push(format!("`{key}` is missing in it.json")),
            (Some(Message::Plain(italian)), Message::Plain(english)) => {
                if placeholders(italian) != placeholders(english) {
                    faults.push(format!("`{key}` has other placeholders in the two languages"));
                }
            }
            (Some(Message::Plural { other: italian, .. }), Message::Plural { other: english, .. }) => {
                if placeholders(italian) != placeholders(english) {
                    faults.push(format!("`{key}` has other placeholders in the two languages"));
                }
            }
            _ => faults.push(format!("`{key}` has a plural in only one language")),
        }
    }
    faults
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).collect()
}

/// `nav.home_page` becomes `NavHomePage`.
fn variant(key: &str) -> String {
    key.split(['.', '_'])
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
        })
        .collect()
}

fn generate(it: &BTreeMap<String, Message>, en: &BTreeMap<String, Message>) -> Outcome<String> {
    let (mut keys, mut plurals) = (String::new(), String::new());
    let (mut it_texts, mut en_texts, mut it_plurals, mut en_plurals) = Default::default();
    let mut by_code = String::new();
    let mut variants = BTreeSet::new();
    let (mut count, mut plural_count, mut code_count) = (0, 0, 0);

    for (key, italian) in it {
        let english = en.get(key).ok_or_else(|| format!("`{key}` is missing in en.json"))?;
        let name = variant(key);
        if !variants.insert(name.clone()) {
            return Err(format!("`{key}` makes the same name as another key: `{name}`"));
        }
        match (italian, english) {
            (Message::Plain(italian), Message::Plain(english)) => {
                write_line(&mut keys, &format!("/// {}\n    {name},", english.replace('\n', " ")));
                write_line(&mut it_texts, &format!("{italian:?},"));
                write_line(&mut en_texts, &format!("{english:?},"));
                count += 1;
                if BY_CODE.iter().any(|prefix| key.starts_with(prefix)) {
                    write_line(&mut by_code, &format!("({key:?}, K::{name}),"));
                    code_count += 1;
                }
            }
            (Message::Plural { one: it1, other: it2 }, Message::Plural { one: en1, other: en2 }) => {
                write_line(&mut plurals, &format!("/// {en2}\n    {name},"));
                write_line(&mut it_plurals, &format!("({it1:?}, {it2:?}),"));
                write_line(&mut en_plurals, &format!("({en1:?}, {en2:?}),"));
                plural_count += 1;
            }
            _ => return Err(format!("`{key}` has a plural in only one language")),
        }
    }
    Ok(format!(
        "/// A text of the pages.\n#[derive(Debug, Clone, Copy, PartialEq, Eq)]\n#[repr(u16)]\npub(crate) enum K {{\n{keys}}}\n\
         /// A text with a singular and a plural.\n#[derive(Debug, Clone, Copy, PartialEq, Eq)]\n#[repr(u16)]\npub(crate) enum P {{\n{plurals}}}\n\
         static IT: [&str; {count}] = [\n{it_texts}];\nstatic EN: [&str; {count}] = [\n{en_texts}];\n\
         static IT_PLURAL: [(&str, &str); {plural_count}] = [\n{it_plurals}];\n\
         static EN_PLURAL: [(&str, &str); {plural_count}] = [\n{en_plurals}];\n\
         /// Texts looked up by a code, sorted by name.\nstatic BY_CODE: [(&str, K); {code_count}] = [\n{by_code}];\n"
    ))
}

fn write_line(out: &mut String, line: &str) {
    let _ = writeln!(out, "    {line}");
}
