//! The database schema, forward only, for SQLite and PostgreSQL.
