"""The database: one port, SQLite and Postgres behind it, the schema and its migrations."""
