-- The first schema, for PostgreSQL. Times are microseconds since 1970 UTC, money is minor units and currency, JSON is TEXT, truth is 0 or 1.
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE connection (
  pair TEXT NOT NULL, system TEXT NOT NULL, config TEXT NOT NULL, sealed BYTEA NOT NULL,
  state TEXT NOT NULL, code TEXT, reason TEXT, fix TEXT, changed_at BIGINT NOT NULL,
  PRIMARY KEY (pair, system)
);

-- What remotes said. Never changed, never deleted.
CREATE TABLE fact (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, pair TEXT NOT NULL, kind TEXT NOT NULL, external_id TEXT NOT NULL, version BIGINT NOT NULL,
  sha256 TEXT NOT NULL, payload TEXT NOT NULL, observed_at BIGINT NOT NULL,
  UNIQUE (pair, kind, external_id, sha256)
);
CREATE INDEX fact_latest ON fact (pair, external_id, version DESC, id DESC);

-- Buyer data, apart from the facts, sealed, with its last day.
CREATE TABLE buyer (fact_id BIGINT PRIMARY KEY REFERENCES fact (id), sealed BYTEA NOT NULL, delete_after BIGINT NOT NULL);
CREATE INDEX buyer_due ON buyer (delete_after);

CREATE TABLE hint_seen (pair TEXT NOT NULL, id TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (pair, id));
CREATE TABLE hint (
  pair TEXT NOT NULL, order_id TEXT NOT NULL, changed_at BIGINT NOT NULL, noted_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL, not_before BIGINT NOT NULL,
  PRIMARY KEY (pair, order_id)
);
CREATE INDEX hint_due ON hint (pair, changed_at);

CREATE TABLE cursor (pair TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (pair, name));

-- One row for each key that has work: waiting (0), busy (1) or paused (2).
CREATE TABLE lane (
  pair TEXT NOT NULL, key TEXT NOT NULL, urgency BIGINT NOT NULL, not_before BIGINT NOT NULL, state BIGINT NOT NULL,
  attempts BIGINT NOT NULL, ticket BIGINT NOT NULL, woken BIGINT NOT NULL, reason TEXT,
  PRIMARY KEY (pair, key)
);
CREATE INDEX lane_due ON lane (urgency, not_before) WHERE state = 0;
CREATE INDEX lane_next ON lane (not_before) WHERE state = 0;

CREATE TABLE intent (
  id TEXT PRIMARY KEY, pair TEXT NOT NULL, key TEXT NOT NULL, version BIGINT NOT NULL, subject TEXT NOT NULL, kind TEXT NOT NULL,
  number BIGINT, reference TEXT NOT NULL, body TEXT NOT NULL, body_sha256 TEXT NOT NULL, fingerprint TEXT NOT NULL,
  state TEXT NOT NULL, attempts BIGINT NOT NULL, epoch BIGINT NOT NULL, planned_at BIGINT NOT NULL, sent_at BIGINT,
  settle_until BIGINT, empty_looks BIGINT NOT NULL, confirmed_at BIGINT, adopted BIGINT NOT NULL, receipt TEXT, reason TEXT,
  next_sweep_at BIGINT, sweeps BIGINT NOT NULL, updated_at BIGINT NOT NULL,
  UNIQUE (pair, key, version)
);
CREATE INDEX intent_subject ON intent (pair, subject);
CREATE INDEX intent_open ON intent (state) WHERE state NOT IN ('confirmed', 'conflict', 'rejected');
CREATE INDEX intent_sweep ON intent (next_sweep_at) WHERE next_sweep_at IS NOT NULL;

CREATE TABLE number (pair TEXT NOT NULL, series TEXT NOT NULL, next BIGINT NOT NULL, PRIMARY KEY (pair, series));

CREATE TABLE customer (
  pair TEXT NOT NULL, our_code TEXT NOT NULL, remote_code TEXT NOT NULL, fingerprint TEXT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (pair, our_code)
);

CREATE TABLE run (
  id TEXT PRIMARY KEY, pair TEXT NOT NULL, subject TEXT NOT NULL, flow TEXT NOT NULL, flow_version BIGINT NOT NULL,
  mapping_version BIGINT NOT NULL, outcome TEXT NOT NULL, reason TEXT, trace TEXT NOT NULL, fact_id BIGINT, at BIGINT NOT NULL
);
CREATE INDEX run_subject ON run (pair, subject, id);

CREATE TABLE review (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, pair TEXT NOT NULL, subject TEXT NOT NULL, code TEXT NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL,
  reason TEXT NOT NULL, fix TEXT NOT NULL, path TEXT NOT NULL, amount_minor BIGINT, amount_currency TEXT, source TEXT NOT NULL,
  opened_at BIGINT NOT NULL, closed_at BIGINT, closed_by TEXT, note TEXT
);
CREATE UNIQUE INDEX review_open ON review (pair, subject, code, path) WHERE closed_at IS NULL;
CREATE INDEX review_subject ON review (pair, subject);

CREATE TABLE sales_order (
  pair TEXT NOT NULL, order_id TEXT NOT NULL, marketplace TEXT NOT NULL, status TEXT NOT NULL, fulfilment TEXT NOT NULL,
  business BIGINT NOT NULL, placed_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, total_minor BIGINT, total_currency TEXT,
  stage TEXT NOT NULL, stage_reason TEXT, first_seen_at BIGINT NOT NULL, ready_at BIGINT, invoiced_at BIGINT,
  documents TEXT NOT NULL,
  PRIMARY KEY (pair, order_id)
);
CREATE INDEX sales_order_placed ON sales_order (placed_at DESC, order_id DESC);
CREATE INDEX sales_order_stage ON sales_order (stage, placed_at DESC, order_id DESC);

CREATE TABLE event (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, topic TEXT NOT NULL, subject TEXT NOT NULL, at BIGINT NOT NULL, data TEXT NOT NULL);

CREATE TABLE bucket (
  name TEXT PRIMARY KEY, tat_us BIGINT NOT NULL, interval_us BIGINT NOT NULL, burst BIGINT NOT NULL, learned BIGINT NOT NULL
);

-- Who did what. Each row carries the hash of the one before, so a missing or changed row is found.
CREATE TABLE audit (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at BIGINT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, target TEXT NOT NULL, detail TEXT NOT NULL,
  ip TEXT, previous TEXT NOT NULL, hash TEXT NOT NULL
);

CREATE TABLE account (
  name TEXT PRIMARY KEY, password TEXT NOT NULL, failures BIGINT NOT NULL, locked_until BIGINT NOT NULL, created_at BIGINT NOT NULL
);
CREATE TABLE owner_link (hash TEXT PRIMARY KEY, expires_at BIGINT NOT NULL, used_at BIGINT);
CREATE TABLE session (hash TEXT PRIMARY KEY, account TEXT NOT NULL, created_at BIGINT NOT NULL, seen_at BIGINT NOT NULL);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '% rows are never changed or deleted', TG_TABLE_NAME; END $$;
CREATE TRIGGER fact_is_never_changed BEFORE UPDATE OR DELETE ON fact FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION refuse_change();
