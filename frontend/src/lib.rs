//! What people see: the single-page app.
