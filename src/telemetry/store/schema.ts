/**
 * `npm run schemas` writes it to schemas/telemetry.sqlite.sql, for applications that make the table themselves. Their SQLite may be as old as
 * 3.37, the first with STRICT: `unixepoch('subsec')` is NULL before 3.42, and no row would go in.
 */
export const storeSchema = `CREATE TABLE IF NOT EXISTS promptline_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  at REAL NOT NULL DEFAULT (round((julianday('now') - 2440587.5) * 86400000)),
  trace_id TEXT,
  span_id TEXT,
  response_id TEXT,
  prompt TEXT,
  version TEXT,
  milliseconds REAL,
  failed INTEGER,
  provider TEXT,
  model TEXT,
  response_model TEXT,
  input_tokens INTEGER,
  output_tokens INTEGER,
  variables TEXT,
  answer TEXT,
  variant TEXT,
  generation INTEGER,
  targeting_key TEXT,
  name TEXT,
  value REAL,
  label TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS promptline_events_at ON promptline_events (at);
`;
