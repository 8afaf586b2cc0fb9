"""The database: a common interface, its SQLite and Postgres implementations, the schema and its migrations."""
