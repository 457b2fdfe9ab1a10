//! The table of contents: every feature adds its routes here.

use crate::http::Routes;
use crate::job::worker::Work;

/// All routes.
pub fn register(routes: &mut Routes) {
    crate::session::register(routes);
    crate::organization::register(routes);
    crate::territory::register(routes);
    crate::product::register(routes);
    crate::period::register(routes);
    crate::import::register(routes);
    crate::goal::register(routes);
    crate::plan::register(routes);
    crate::assignment::register(routes);
    crate::run::register(routes);
    crate::statement::register(routes);
    crate::payment::register(routes);
    crate::insight::register(routes);
    crate::job::register(routes);
    crate::audit::register(routes);
}

/// The kinds of long work that this program can do.
pub const WORK: &[(&str, Work)] =
    &[(crate::import::work::JOB, crate::import::job), (crate::run::work::JOB, crate::run::job)];
