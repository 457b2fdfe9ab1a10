//! Links between documents lead somewhere.

use super::{Finding, Findings};

/// Checks the relative links of the Markdown file `path`; `exists` knows the files and folders of
/// the repository by their path from its root.
pub(crate) fn check(path: &str, text: &str, exists: &dyn Fn(&str) -> bool, findings: &mut Findings) {
    let mut fenced = false;
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        for rest in line.split("](").skip(1) {
            let target = rest.split(')').next().unwrap_or_default();
            let file = target.split('#').next().unwrap_or_default();
            if file.is_empty() || file.contains(':') || file.contains(' ') {
                continue;
            }
            if !resolve(path, file).is_some_and(|place| exists(&place)) {
                let what = format!("the link to `{target}` leads nowhere");
                findings.refuse(Finding::new(
                    "link",
                    path,
                    number,
                    what,
                    "mend it, or leave it out until there is one",
                ));
            }
        }
    }
}

/// `file` as seen from the folder of `path`, from the root of the repository; `None` outside of it.
fn resolve(path: &str, file: &str) -> Option<String> {
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    if let Some(from_root) = file.strip_prefix('/') {
        return Some(from_root.to_owned());
    }
    for part in file.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part == ".." {
            parts.pop()?;
        } else {
            parts.push(part);
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_somewhere() {
        let exists = |place: &str| ["README.md", "docs/a.md", "docs/adr"].contains(&place);
        for (text, expected) in [
            ("[a](a.md) and [b](../README.md#words) and [c](adr/)", 0),
            ("[a](#here), [b](https://example.org/a.md), [c](mailto:a@example.org)", 0),
            ("```\n[a](none.md)\n```\n", 0),
            ("[a](none.md)", 1),
            ("[a](../../outside.md)", 1),
            ("[a](a.md) [b](none.md) [c](../none.md)", 2),
            ("```\n```\n[a](none.md)", 1),
        ] {
            let mut findings = Findings::default();
            check("docs/b.md", text, &exists, &mut findings);
            assert_eq!(findings.refused.len(), expected, "{text}");
        }
    }
}
