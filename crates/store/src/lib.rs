//! Persistence: facts, intents, runs, quotas, secrets, audit; SQLite by default, PostgreSQL-ready SQL.
