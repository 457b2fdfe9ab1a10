//! Canonical JSON and its SHA-256: one value, one text, one hash.
//!
//! Canonical means: UTF-8, no blanks, the names of every object in byte order, no name twice, texts escaped as
//! `serde_json` escapes them (`"`, `\` and control characters only), numbers as `serde_json` writes them. Decimals are
//! texts in every document of ours, so no number is ever rewritten.

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Canonical JSON of a value.
///
/// # Errors
/// When the value cannot be JSON (a map whose keys are no texts).
pub fn canonical<T: Serialize + ?Sized>(value: &T) -> Result<String, serde_json::Error> {
    let value = serde_json::to_value(value)?;
    let mut text = String::new();
    write(&value, &mut text)?;
    Ok(text)
}

fn write(value: &Value, out: &mut String) -> Result<(), serde_json::Error> {
    match value {
        Value::Object(fields) => {
            // Whether the map keeps its names in order is up to a feature of `serde_json` that any crate may switch on.
            let mut fields: Vec<(&String, &Value)> = fields.iter().collect();
            fields.sort_unstable_by_key(|(name, _)| name.as_str());
            out.push('{');
            for (index, (name, value)) in fields.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&serde_json::to_string(name)?);
                out.push(':');
                write(value, out)?;
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, out)?;
            }
            out.push(']');
        }
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(_) | Value::String(_) => out.push_str(&serde_json::to_string(value)?),
    }
    Ok(())
}

/// SHA-256 of a text, in hexadecimal.
pub fn sha256(text: &str) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        for half in [byte >> 4, byte & 15] {
            hex.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
        }
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_byte_order_at_every_depth() {
        let value: Value = serde_json::from_str(
            "{\"b\": [1, {\"z\": null, \"a\": true}], \"a\": \"x\\\"\\n€/\", \"B\": \"0.10\", \"aa\": {}}",
        )
        .unwrap();
        assert_eq!(
            canonical(&value).unwrap(),
            "{\"B\":\"0.10\",\"a\":\"x\\\"\\n€/\",\"aa\":{},\"b\":[1,{\"a\":true,\"z\":null}]}"
        );
    }

    #[test]
    fn sha256_of_known_texts() {
        assert_eq!(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
