//! What answers: HTTP, sessions, jobs, the single-page app and the command line.
