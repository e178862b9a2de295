-- Telemetry as rows, one for each event, for SQLite 3.42 or newer. What the columns mean: docs/telemetry.md.
CREATE TABLE IF NOT EXISTS promptline_events (
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
