//! Rules of sign-in that need neither clock nor database: addresses, passwords, time-outs, throttling.

use crate::actor::Role;
use crate::finding::Finding;

/// Fewest characters of a password; it is the only factor.
pub const PASSWORD_MIN_CHARS: usize = 15;
/// Most characters of a password.
pub const PASSWORD_MAX_CHARS: usize = 256;
/// A session ends after this many seconds without a request.
pub const SESSION_IDLE_SECONDS: i64 = 30 * 60;
/// A session ends this many seconds after sign-in, whatever happens.
pub const SESSION_ABSOLUTE_SECONDS: i64 = 12 * 60 * 60;
/// A one-time link is good for this many seconds.
pub const RESET_LINK_SECONDS: i64 = 24 * 60 * 60;
/// An access token of a service client is good for this many seconds.
pub const ACCESS_TOKEN_SECONDS: i64 = 15 * 60;

/// Failed sign-ins of one account within [`THROTTLE_WINDOW_SECONDS`] before it must wait.
pub const ACCOUNT_FAILURES: u32 = 8;
/// Failed sign-ins from one address within [`THROTTLE_WINDOW_SECONDS`] before it must wait.
pub const ADDRESS_FAILURES: u32 = 50;
/// Failures older than this no longer count; so nobody is locked out for longer.
pub const THROTTLE_WINDOW_SECONDS: i64 = 10 * 60;

/// Words that a password must not be made of, because anybody would try them here.
const CONTEXT_WORDS: &[&str] = &["traguardo", "password", "incentive", "incentivi", "obiettivi", "premio", "azienda"];

/// The e-mail address in the form in which it is compared and stored, or what is wrong with it.
pub fn normalize_email(text: &str) -> Result<String, Finding> {
    let email = text.trim().to_lowercase();
    let wrong =
        |message: &str| Finding::error("invalid_email", "$.email", message).help("write it as `name@example.com`");
    if email.chars().count() > 254 {
        return Err(wrong("the address is longer than 254 characters"));
    }
    let Some((name, host)) = email.split_once('@') else {
        return Err(wrong("the address has no `@`"));
    };
    let bad = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '@' | '<' | '>' | ',' | ';' | '"');
    if name.is_empty() || host.is_empty() || name.contains(bad) || host.contains(bad) {
        return Err(wrong("the address is not of the form `name@example.com`"));
    }
    if host.starts_with('.') || host.ends_with('.') || host.contains("..") {
        return Err(wrong("the part after `@` is not a host name"));
    }
    Ok(email)
}

/// What is wrong with `password`; empty when it may be used. `own_words` are the person's own
/// name and address; `is_common` tells whether a text is on the list of common passwords.
/// The password is taken as it is: no composition rules, no trimming.
pub fn check_password(password: &str, own_words: &[&str], is_common: impl Fn(&str) -> bool) -> Vec<Finding> {
    let error = |code: &str, message: String, help: &str| Finding::error(code, "$.password", message).help(help);
    let count = password.chars().count();
    if count < PASSWORD_MIN_CHARS {
        let message = format!("the password has fewer than {PASSWORD_MIN_CHARS} characters");
        return vec![error("password_too_short", message, "a sentence of four or five words is easy to remember")];
    }
    if count > PASSWORD_MAX_CHARS {
        let message = format!("the password has more than {PASSWORD_MAX_CHARS} characters");
        return vec![error("password_too_long", message, "use a shorter sentence")];
    }
    if password.contains('\0') {
        return vec![error("password_invalid", "the password contains a zero byte".to_owned(), "leave it out")];
    }
    if is_guessable(&password.to_lowercase(), own_words, is_common) {
        let message = "the password is a common one, repeats itself, or is made of your name or ours".to_owned();
        return vec![error("password_common", message, "choose words that nobody would put together")];
    }
    Vec::new()
}

/// Whether little is left of `password` once everything anybody would try is taken away.
fn is_guessable(password: &str, own_words: &[&str], is_common: impl Fn(&str) -> bool) -> bool {
    let mut distinct: Vec<char> = password.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    if is_common(password) || distinct.len() < 5 || is_run(password) || is_repetition(password) {
        return true;
    }
    let mut words: Vec<&str> = password.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words.dedup();
    if matches!(words.as_slice(), [only] if only.chars().count() < 12) {
        return true;
    }
    let mut rest = password.to_owned();
    let own: Vec<String> = own_words
        .iter()
        .flat_map(|words| words.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| word.chars().count() >= 3)
        .map(str::to_lowercase)
        .collect();
    for word in CONTEXT_WORDS.iter().copied().chain(own.iter().map(String::as_str)) {
        rest = rest.replace(word, "");
    }
    let letters: String = rest.chars().filter(|c| c.is_alphabetic()).collect();
    let removed = rest.chars().count() < password.chars().count();
    let stem = password.trim_matches(|c: char| !c.is_alphabetic());
    (removed && (rest.chars().count() < 8 || letters.chars().count() < 4)) || is_common(stem)
}

/// Whether each character follows its neighbour (`abcdefghijklmno`, `987654321098765`).
fn is_run(text: &str) -> bool {
    let codes: Vec<i64> = text.chars().map(|c| i64::from(u32::from(c))).collect();
    let steps: Vec<i64> = codes.windows(2).map(|pair| pair.last().unwrap_or(&0) - pair.first().unwrap_or(&0)).collect();
    let regular = steps.iter().filter(|step| step.abs() == 1).count();
    steps.len() >= 8 && regular * 10 >= steps.len() * 8
}

/// Whether the text is a piece of at most half its length, repeated.
fn is_repetition(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    (1..=chars.len() / 2).any(|size| {
        let piece = chars.iter().take(size).cycle();
        chars.iter().zip(piece).all(|(a, b)| a == b)
    })
}

/// Seconds that a sign-in must wait, given the failures of the window and the age in seconds of the
/// latest of them; `None`: it may go on. The wait doubles and never exceeds the window, so that
/// the right password works again without anybody's help.
pub fn throttle_seconds(failures: u32, allowed: u32, latest_age_seconds: i64) -> Option<i64> {
    let over = failures.checked_sub(allowed)?;
    let wait = 30_i64.saturating_mul(1_i64 << over.min(5)).min(THROTTLE_WINDOW_SECONDS);
    let left = wait.saturating_sub(latest_age_seconds);
    (left > 0).then_some(left)
}

/// What is wrong with this set of roles for one person; empty when it may be granted.
pub fn check_roles(roles: &[Role], has_unit: bool, has_participant: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    if roles.contains(&Role::Service) {
        findings.push(
            Finding::error("role_not_for_people", "$.roles", "the role `service` is for systems")
                .help("create a service client instead"),
        );
    }
    for (first, second) in crate::access::role_conflicts(roles) {
        if first == Role::Service || second == Role::Service {
            continue;
        }
        let message = format!("the roles `{first}` and `{second}` must not lie in one hand");
        findings.push(Finding::error("duties_conflict", "$.roles", message).help("give one of them to somebody else"));
    }
    let manager = roles.iter().any(|role| matches!(role, Role::BuManager | Role::UnitManager));
    if manager && !has_unit {
        findings.push(
            Finding::error("unit_missing", "$.unit_id", "a manager needs the unit that they manage")
                .help("name the unit"),
        );
    }
    if roles.contains(&Role::Rep) && !has_participant {
        findings.push(
            Finding::error("participant_missing", "$.participant_id", "a representative needs a participant")
                .help("name the participant who this person is"),
        );
    }
    findings
}
