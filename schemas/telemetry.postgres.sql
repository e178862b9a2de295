-- Telemetry as rows, one for each event, for Postgres 13 or newer. What the columns mean: docs/telemetry.md.
CREATE TABLE promptline_events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
  kind text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  trace_id text,
  span_id text,
  response_id text,
  prompt text,
  version text,
  milliseconds double precision,
  failed boolean,
  provider text,
  model text,
  response_model text,
  input_tokens bigint,
  output_tokens bigint,
  variables jsonb,
  answer text,
  variant text,
  generation integer,
  targeting_key text,
  name text,
  value double precision,
  label text
);
CREATE INDEX promptline_events_order ON promptline_events (transaction, id);
CREATE INDEX promptline_events_at ON promptline_events (at);
