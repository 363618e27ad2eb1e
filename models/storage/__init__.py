"""The database: engine, transactions, schema, the single instance, copies."""
