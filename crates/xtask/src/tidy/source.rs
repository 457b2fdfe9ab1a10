//! A Rust file seen as code and as comments, line for line, so that a rule about code does not
//! stumble over a sentence or a string that speaks of it.

/// The two views; each has as many lines as the file.
pub(crate) struct Views {
    /// Everything but comments and the contents of strings and character literals.
    pub(crate) code: String,
    /// Comments alone.
    pub(crate) comments: String,
}

enum State {
    Code,
    LineComment,
    BlockComment(u32),
    /// Inside a string; the number of `#` that close it, `None` for one with escapes.
    Text(Option<usize>),
}

/// Splits `text` into its views. Knows nested block comments, raw strings, byte strings and
/// the difference between a character literal and a lifetime.
pub(crate) fn views(text: &str) -> Views {
    let chars: Vec<char> = text.chars().collect();
    let at = |index: usize| chars.get(index).copied().unwrap_or('\0');
    let mut code = String::with_capacity(text.len());
    let mut comments = String::with_capacity(text.len());
    let mut state = State::Code;
    let mut index = 0;
    while index < chars.len() {
        let here = at(index);
        let mut width = 1;
        let mut seen_code = false;
        let mut seen_comment = false;
        match state {
            State::Code => {
                if here == '/' && at(index + 1) == '/' {
                    state = State::LineComment;
                    seen_comment = true;
                } else if here == '/' && at(index + 1) == '*' {
                    state = State::BlockComment(1);
                    width = 2;
                } else if here == '"' {
                    state = State::Text(None);
                    seen_code = true;
                } else if let Some(hashes) = raw_string(&chars, index) {
                    state = State::Text(Some(hashes));
                    width = hashes + 2;
                } else if here == '\'' && at(index + 1) == '\\' {
                    let close = (index + 3..chars.len()).find(|&place| at(place) == '\'');
                    width = close.map_or(1, |place| place + 1 - index);
                } else if here == '\'' && at(index + 2) == '\'' {
                    width = 3;
                } else {
                    seen_code = true;
                }
            }
            State::LineComment => {
                seen_comment = true;
                if here == '\n' {
                    state = State::Code;
                }
            }
            State::BlockComment(depth) => {
                if here == '*' && at(index + 1) == '/' {
                    width = 2;
                    state = if depth == 1 { State::Code } else { State::BlockComment(depth - 1) };
                } else if here == '/' && at(index + 1) == '*' {
                    width = 2;
                    state = State::BlockComment(depth + 1);
                } else {
                    seen_comment = true;
                }
            }
            State::Text(None) => {
                if here == '\\' {
                    width = 2;
                } else if here == '"' {
                    seen_code = true;
                    state = State::Code;
                }
            }
            State::Text(Some(hashes)) => {
                if here == '"' && (1..=hashes).all(|ahead| at(index + ahead) == '#') {
                    width = hashes + 1;
                    state = State::Code;
                }
            }
        }
        for place in index..(index + width).min(chars.len()) {
            let symbol = at(place);
            let line_end = symbol == '\n';
            code.push(if line_end || seen_code { symbol } else { ' ' });
            comments.push(if line_end || seen_comment { symbol } else { ' ' });
        }
        index += width;
    }
    Views { code, comments }
}

/// The number of `#` of the raw string that opens at `index`, if one does.
fn raw_string(chars: &[char], index: usize) -> Option<usize> {
    let before = index.checked_sub(1).and_then(|place| chars.get(place)).copied();
    // `br"…"`: the `b` stands before; any other letter makes `r` the end of a word.
    if chars.get(index) != Some(&'r') || before.is_some_and(|symbol| symbol != 'b' && is_word(symbol)) {
        return None;
    }
    let hashes = chars.iter().skip(index + 1).take_while(|symbol| **symbol == '#').count();
    (chars.get(index + 1 + hashes) == Some(&'"')).then_some(hashes)
}

/// Blanks the modules marked `#[cfg(test)]` in a code view.
pub(crate) fn without_tests(code: &str) -> String {
    let mut result = String::with_capacity(code.len());
    let mut marked = false;
    let mut depth: Option<i32> = None;
    for line in code.lines() {
        let trimmed = line.trim();
        if let Some(open) = depth {
            let now = open + braces(line);
            depth = (now > 0).then_some(now);
        } else if marked && opens_module(trimmed) {
            marked = false;
            let now = braces(line);
            depth = (now > 0).then_some(now);
        } else {
            marked = trimmed == "#[cfg(test)]" || (marked && (trimmed.is_empty() || trimmed.starts_with("#[")));
            result.push_str(line);
        }
        result.push('\n');
    }
    result
}

fn opens_module(line: &str) -> bool {
    line.starts_with("mod ") || line.starts_with("pub mod ") || line.starts_with("pub(crate) mod ")
}

fn braces(line: &str) -> i32 {
    line.chars().fold(0, |sum, symbol| match symbol {
        '{' => sum + 1,
        '}' => sum - 1,
        _ => sum,
    })
}

/// Whether `symbol` can stand in a name.
pub(crate) fn is_word(symbol: char) -> bool {
    symbol.is_alphanumeric() || symbol == '_'
}

/// Whether `word` stands in `line` by itself, not as a part of a longer name.
pub(crate) fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(place, _)| {
        let before = line.get(..place).and_then(|part| part.chars().next_back());
        let after = line.get(place + word.len()..).and_then(|part| part.chars().next());
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn squeezed(text: &str) -> String {
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Each row: source, what stays of it as code, what stays of it as comment.
    #[test]
    fn code_and_comments_are_told_apart() {
        for (source, code, comments) in [
            ("let a = 1; // one", "let a = 1;", "// one"),
            ("a /* b /* c */ d */ e", "a e", "b c d"),
            (r#"let s = "todo!() // no";"#, r#"let s = " ";"#, ""),
            (r#"let s = "say \"f64\"" + t;"#, r#"let s = " " + t;"#, ""),
            (r##"f(r#"say "f64" "#, x)"##, "f( , x)", ""),
            (r#"g(b"\"f64", 'x', '\'', '\u{1F}')"#, r#"g(b" ", , , )"#, ""),
            ("fn f<'a>(x: &'a str) -> &'a str { x }", "fn f<'a>(x: &'a str) -> &'a str { x }", ""),
            ("number\"x\"", "number\" \"", ""),
            ("// it's one\nlet b = 2;", "let b = 2;", "// it's one"),
        ] {
            let seen = views(source);
            assert_eq!(squeezed(&seen.code), code, "code of {source}");
            assert_eq!(squeezed(&seen.comments), comments, "comments of {source}");
        }
    }

    #[test]
    fn both_views_keep_the_lines() {
        let source = "a\n/* b\nc */ \"d\ne\" // f\ng\n";
        let seen = views(source);
        assert_eq!(seen.code.lines().count(), source.lines().count());
        assert_eq!(seen.comments.lines().count(), source.lines().count());
        assert_eq!(seen.code.lines().last(), Some("g"));
    }

    #[test]
    fn test_modules_are_left_out_and_what_follows_is_not() {
        let source = "fn a() {}\n#[cfg(test)]\n#[allow(x)]\nmod tests {\n  fn b() { c() }\n}\nfn d() {}\n";
        let rest = without_tests(source);
        assert!(rest.contains("fn a") && rest.contains("fn d"));
        assert!(!rest.contains("fn b") && !rest.contains("c()"));
        assert_eq!(rest.lines().count(), source.lines().count());
        assert!(without_tests("#[cfg(test)]\nfn helper() {}\nfn e() {}\n").contains("fn e"));
    }

    #[test]
    fn a_word_stands_by_itself() {
        assert!(has_word("use std::fs;", "fs"));
        assert!(!has_word("let offset = 1;", "fs"));
        assert!(!has_word("fs_extra", "fs"));
    }
}
