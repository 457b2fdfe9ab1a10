//! Builds the single-page app into `frontend/dist`: no network, no node, no tool to install.
//!
//! cargo makes the wasm, `wasm-bindgen-cli-support` its JavaScript; every file but `index.html`
//! gets a name with the hash of its content, so that a server may let browsers keep it for ever.
//! A release build also writes a `.br` beside each file and refuses a bundle over the budget.

use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;
use wasm_bindgen_cli_support::Bindgen;

/// The most that the release bundle may weigh, in bytes after brotli, font excluded.
const BUDGET: usize = 700 * 1024;

/// The style sheets in the order in which they are joined.
const STYLES: [&str; 6] = ["tokens.css", "base.css", "components.css", "charts.css", "shell.css", "pages.css"];

type Outcome<T> = Result<T, String>;

/// `cargo xtask build [--release]`.
pub(crate) fn command(arguments: &[String]) -> ExitCode {
    let release = match arguments {
        [] => false,
        [only] if only == "--release" => true,
        _ => {
            crate::say("usage: cargo xtask build [--release]\n");
            return ExitCode::from(2);
        }
    };
    match build(release) {
        Ok(report) => {
            crate::say(&report);
            ExitCode::SUCCESS
        }
        Err(message) => {
            crate::say(&format!("xtask build: {message}\n"));
            ExitCode::FAILURE
        }
    }
}

fn build(release: bool) -> Outcome<String> {
    let root = root()?;
    let frontend = root.join("frontend");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);

    let start = Instant::now();
    let wasm = compile(&root, &target, release)?;
    let compiled = start.elapsed();

    let start = Instant::now();
    let bound = target.join("spa-bindgen");
    bind(&wasm, &bound, release)?;
    let bundle = Bundle::assemble(&frontend, &bound)?;
    let bound_in = start.elapsed();

    let start = Instant::now();
    let sizes = bundle.write(&frontend.join("dist"), release)?;
    let written = start.elapsed();

    let mut report = String::new();
    for (name, size) in &sizes {
        let line = match size.brotli {
            Some(brotli) => format!("{:>9} {:>9} br  {name}\n", size.raw, brotli),
            None => format!("{:>9}               {name}\n", size.raw),
        };
        report.push_str(&line);
    }
    let _ = writeln!(
        report,
        "frontend/dist is ready: cargo {:.1} s, bindings {:.1} s, files {:.1} s",
        compiled.as_secs_f32(),
        bound_in.as_secs_f32(),
        written.as_secs_f32()
    );
    if release {
        let total: usize = sizes.iter().filter(|(name, _)| !is_packed(name)).filter_map(|(_, size)| size.brotli).sum();
        let _ = writeln!(report, "bundle: {total} bytes of brotli, budget {BUDGET}");
        if total > BUDGET {
            return Err(format!("{report}the bundle is over its budget of {BUDGET} bytes: make it smaller"));
        }
    }
    Ok(report)
}

fn root() -> Outcome<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).map(Path::to_path_buf).ok_or_else(|| "cannot find the root of the repository".to_owned())
}

/// Compiles the app and gives the path of its wasm file.
fn compile(root: &Path, target: &Path, release: bool) -> Outcome<PathBuf> {
    let profile = if release { "wasm-release" } else { "dev" };
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "-p", "traguardo-frontend", "--target", "wasm32-unknown-unknown", "--profile", profile])
        .current_dir(root)
        // Either variable would silently replace the flags of .cargo/config.toml.
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .status()
        .map_err(|error| format!("cannot start cargo: {error}"))?;
    if !status.success() {
        return Err("cargo could not build `traguardo-frontend` for wasm32-unknown-unknown (the messages are above; \
                    if the target is missing: `rustup target add wasm32-unknown-unknown`)"
            .to_owned());
    }
    let folder = if release { "wasm-release" } else { "debug" };
    Ok(target.join("wasm32-unknown-unknown").join(folder).join("traguardo-frontend.wasm"))
}

/// Writes `app.js`, `app_bg.wasm` and snippets into `out`.
fn bind(wasm: &Path, out: &Path, release: bool) -> Outcome<()> {
    let _ = fs::remove_dir_all(out);
    let mut bindgen = Bindgen::new();
    bindgen
        .web(true)
        .map_err(|error| error.to_string())?
        .input_path(wasm)
        .out_name("app")
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(release)
        .remove_producers_section(true)
        .generate(out)
        .map_err(|error| format!("wasm-bindgen: {error:#}"))
}

/// What one written file weighs.
struct Size {
    raw: usize,
    brotli: Option<usize>,
}

/// The files of the app by their path below `dist`.
struct Bundle {
    files: BTreeMap<String, Vec<u8>>,
}

impl Bundle {
    fn assemble(frontend: &Path, bound: &Path) -> Outcome<Self> {
        let mut bundle = Self { files: BTreeMap::new() };
        // `asset:NAME` in style sheets, scripts and index.html becomes the hashed path.
        let mut names: BTreeMap<String, String> = BTreeMap::new();

        for path in files_of(&frontend.join("assets"))? {
            let name = file_name(&path);
            // The licence of the font travels with it, under its own name.
            let hashed = if name.ends_with(".txt") { format!("assets/{name}") } else { String::new() };
            let public = bundle.add(&name, hashed, read(&path)?);
            names.insert(name, public);
        }

        let mut css = String::new();
        for name in STYLES {
            css.push_str(&squeeze_css(&text(&frontend.join("style").join(name))?));
        }
        let css = replace_assets(&css, &names)?;
        names.insert("app.css".to_owned(), bundle.add("app.css", String::new(), css.into_bytes()));

        bundle.add_snippets(bound, &bound.join("snippets"))?;
        let wasm = bundle.add("app.wasm", String::new(), read(&bound.join("app_bg.wasm"))?);
        names.insert("app.wasm".to_owned(), wasm);
        let js = bundle.add("app.js", String::new(), read(&bound.join("app.js"))?);
        names.insert("app.js".to_owned(), js);

        for script in ["boot.js", "start.js"] {
            let source = replace_assets(&text(&frontend.join("scripts").join(script))?, &names)?;
            names.insert(script.to_owned(), bundle.add(script, String::new(), source.into_bytes()));
        }
        let index = replace_assets(&text(&frontend.join("index.html"))?, &names)?;
        bundle.files.insert("index.html".to_owned(), index.into_bytes());
        Ok(bundle)
    }

    /// Adds a file under `fixed`, or under a name with its hash where `fixed` is empty; gives the public path.
    fn add(&mut self, name: &str, fixed: String, content: Vec<u8>) -> String {
        let path = if fixed.is_empty() {
            let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "bin"));
            let hash: String = Sha256::digest(&content).iter().take(8).fold(String::new(), |mut hash, byte| {
                let _ = write!(hash, "{byte:02x}");
                hash
            });
            format!("assets/{stem}-{hash}.{extension}")
        } else {
            fixed
        };
        self.files.insert(path.clone(), content);
        format!("/{path}")
    }

    /// wasm-bindgen names snippets by hash already and `app.js` imports them by relative path.
    fn add_snippets(&mut self, bound: &Path, folder: &Path) -> Outcome<()> {
        let Ok(entries) = fs::read_dir(folder) else {
            return Ok(());
        };
        for entry in entries {
            let path = entry.map_err(|error| error.to_string())?.path();
            if path.is_dir() {
                self.add_snippets(bound, &path)?;
            } else {
                let below = path.strip_prefix(bound).map_err(|error| error.to_string())?;
                let name = below.to_string_lossy().replace('\\', "/");
                self.add("", format!("assets/{name}"), read(&path)?);
            }
        }
        Ok(())
    }

    /// Writes everything beside `dist` first, so that a server never sees half a bundle.
    fn write(&self, dist: &Path, release: bool) -> Outcome<BTreeMap<String, Size>> {
        let fresh = dist.with_extension("new");
        let _ = fs::remove_dir_all(&fresh);
        let mut sizes = BTreeMap::new();
        for (name, content) in &self.files {
            let path = fresh.join(name);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent).map_err(|error| format!("cannot make `{}`: {error}", parent.display()))?;
            }
            write(&path, content)?;
            let mut size = Size { raw: content.len(), brotli: None };
            if release && !is_packed(name) {
                let packed = compress(content)?;
                size.brotli = Some(packed.len());
                write(&fresh.join(format!("{name}.br")), &packed)?;
            }
            sizes.insert(name.clone(), size);
        }
        let _ = fs::remove_dir_all(dist);
        fs::rename(&fresh, dist).map_err(|error| format!("cannot put `{}` in place: {error}", dist.display()))?;
        Ok(sizes)
    }
}

/// Whether the format is compressed already.
fn is_packed(name: &str) -> bool {
    name.ends_with(".woff2") || name.ends_with(".png")
}

fn compress(content: &[u8]) -> Outcome<Vec<u8>> {
    let mut packed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut &*content, &mut packed, &parameters).map_err(|error| format!("brotli: {error}"))?;
    Ok(packed)
}

/// Leaves out comments and indentation; strings in our style sheets hold neither.
fn squeeze_css(css: &str) -> String {
    let mut rest = css;
    let mut plain = String::with_capacity(css.len());
    while let Some((before, after)) = rest.split_once("/*") {
        plain.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, behind)| behind);
    }
    plain.push_str(rest);
    let mut squeezed = String::with_capacity(plain.len());
    for line in plain.lines().map(str::trim).filter(|line| !line.is_empty()) {
        squeezed.push_str(line);
        squeezed.push('\n');
    }
    squeezed
}

/// Replaces each `asset:NAME` by the public path of that file.
fn replace_assets(source: &str, names: &BTreeMap<String, String>) -> Outcome<String> {
    let mut parts = source.split("asset:");
    let mut replaced = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c))).unwrap_or(part.len());
        let (name, behind) = part.split_at(end);
        let path = names.get(name).ok_or_else(|| format!("`asset:{name}` names no file of frontend/assets"))?;
        replaced.push_str(path);
        replaced.push_str(behind);
    }
    Ok(replaced)
}

fn files_of(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(|error| format!("cannot list `{}`: {error}", folder.display()))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| error.to_string())?.path();
        if path.is_file() {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn read(path: &Path) -> Outcome<Vec<u8>> {
    fs::read(path).map_err(|error| format!("cannot read `{}`: {error}", path.display()))
}

fn text(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).map_err(|error| format!("cannot read `{}`: {error}", path.display()))
}

fn write(path: &Path, content: &[u8]) -> Outcome<()> {
    fs::write(path, content).map_err(|error| format!("cannot write `{}`: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn css_is_squeezed_and_assets_are_renamed() {
        let names = BTreeMap::from([("a.woff2".to_owned(), "/assets/a-1.woff2".to_owned())]);
        let css = squeeze_css("/* x */\n  b {\n    src: url(asset:a.woff2); /* y */\n  }\n");
        assert_eq!(css, "b {\nsrc: url(asset:a.woff2);\n}\n");
        assert_eq!(replace_assets(&css, &names).unwrap(), "b {\nsrc: url(/assets/a-1.woff2);\n}\n");
    }

    #[test]
    fn an_unknown_asset_is_refused_by_name() {
        let message = replace_assets("url(asset:b.png)", &BTreeMap::new()).unwrap_err();
        assert!(message.contains("`asset:b.png`"), "{message}");
    }
}
