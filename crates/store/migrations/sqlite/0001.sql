-- The first schema. Times are microseconds since 1970 UTC, money is minor units and currency, JSON is TEXT, truth is 0 or 1.
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE connection (
  pair TEXT NOT NULL, system TEXT NOT NULL, config TEXT NOT NULL, sealed BLOB NOT NULL,
  state TEXT NOT NULL, code TEXT, reason TEXT, fix TEXT, changed_at INTEGER NOT NULL,
  PRIMARY KEY (pair, system)
) STRICT;

-- What remotes said. Never changed, never deleted.
CREATE TABLE fact (
  id INTEGER PRIMARY KEY, pair TEXT NOT NULL, kind TEXT NOT NULL, external_id TEXT NOT NULL, version INTEGER NOT NULL,
  sha256 TEXT NOT NULL, payload TEXT NOT NULL, observed_at INTEGER NOT NULL,
  UNIQUE (pair, kind, external_id, sha256)
) STRICT;
CREATE INDEX fact_latest ON fact (pair, external_id, version DESC, id DESC);
CREATE TRIGGER fact_is_never_changed BEFORE UPDATE ON fact BEGIN SELECT RAISE(ABORT, 'a fact is never changed'); END;
CREATE TRIGGER fact_is_never_deleted BEFORE DELETE ON fact BEGIN SELECT RAISE(ABORT, 'a fact is never deleted'); END;

-- Buyer data, apart from the facts, sealed, with its last day.
CREATE TABLE buyer (fact_id INTEGER PRIMARY KEY REFERENCES fact (id), sealed BLOB NOT NULL, delete_after INTEGER NOT NULL) STRICT;
CREATE INDEX buyer_due ON buyer (delete_after);

CREATE TABLE hint_seen (pair TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (pair, id)) STRICT, WITHOUT ROWID;
CREATE TABLE hint (
  pair TEXT NOT NULL, order_id TEXT NOT NULL, changed_at INTEGER NOT NULL, noted_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL, not_before INTEGER NOT NULL,
  PRIMARY KEY (pair, order_id)
) STRICT;
CREATE INDEX hint_due ON hint (pair, changed_at);

CREATE TABLE cursor (pair TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (pair, name)) STRICT;

-- One row for each key that has work: waiting (0), busy (1) or paused (2).
CREATE TABLE lane (
  pair TEXT NOT NULL, key TEXT NOT NULL, urgency INTEGER NOT NULL, not_before INTEGER NOT NULL, state INTEGER NOT NULL,
  attempts INTEGER NOT NULL, ticket INTEGER NOT NULL, woken INTEGER NOT NULL, reason TEXT,
  PRIMARY KEY (pair, key)
) STRICT;
CREATE INDEX lane_due ON lane (urgency, not_before) WHERE state = 0;
CREATE INDEX lane_next ON lane (not_before) WHERE state = 0;

CREATE TABLE intent (
  id TEXT PRIMARY KEY, pair TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL, subject TEXT NOT NULL, kind TEXT NOT NULL,
  number INTEGER, reference TEXT NOT NULL, body TEXT NOT NULL, body_sha256 TEXT NOT NULL, fingerprint TEXT NOT NULL,
  state TEXT NOT NULL, attempts INTEGER NOT NULL, epoch INTEGER NOT NULL, planned_at INTEGER NOT NULL, sent_at INTEGER,
  settle_until INTEGER, empty_looks INTEGER NOT NULL, confirmed_at INTEGER, adopted INTEGER NOT NULL, receipt TEXT, reason TEXT,
  next_sweep_at INTEGER, sweeps INTEGER NOT NULL, updated_at INTEGER NOT NULL,
  UNIQUE (pair, key, version)
) STRICT;
CREATE INDEX intent_subject ON intent (pair, subject);
CREATE INDEX intent_open ON intent (state) WHERE state NOT IN ('confirmed', 'conflict', 'rejected');
CREATE INDEX intent_sweep ON intent (next_sweep_at) WHERE next_sweep_at IS NOT NULL;

CREATE TABLE number (pair TEXT NOT NULL, series TEXT NOT NULL, next INTEGER NOT NULL, PRIMARY KEY (pair, series)) STRICT;

CREATE TABLE customer (
  pair TEXT NOT NULL, our_code TEXT NOT NULL, remote_code TEXT NOT NULL, fingerprint TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (pair, our_code)
) STRICT;

CREATE TABLE run (
  id TEXT PRIMARY KEY, pair TEXT NOT NULL, subject TEXT NOT NULL, flow TEXT NOT NULL, flow_version INTEGER NOT NULL,
  mapping_version INTEGER NOT NULL, outcome TEXT NOT NULL, reason TEXT, trace TEXT NOT NULL, fact_id INTEGER, at INTEGER NOT NULL
) STRICT;
CREATE INDEX run_subject ON run (pair, subject, id);

CREATE TABLE review (
  id INTEGER PRIMARY KEY, pair TEXT NOT NULL, subject TEXT NOT NULL, code TEXT NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL,
  reason TEXT NOT NULL, fix TEXT NOT NULL, path TEXT NOT NULL, amount_minor INTEGER, amount_currency TEXT, source TEXT NOT NULL,
  opened_at INTEGER NOT NULL, closed_at INTEGER, closed_by TEXT, note TEXT
) STRICT;
CREATE UNIQUE INDEX review_open ON review (pair, subject, code, path) WHERE closed_at IS NULL;
CREATE INDEX review_subject ON review (pair, subject);

CREATE TABLE sales_order (
  pair TEXT NOT NULL, order_id TEXT NOT NULL, marketplace TEXT NOT NULL, status TEXT NOT NULL, fulfilment TEXT NOT NULL,
  business INTEGER NOT NULL, placed_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, total_minor INTEGER, total_currency TEXT,
  stage TEXT NOT NULL, stage_reason TEXT, first_seen_at INTEGER NOT NULL, ready_at INTEGER, invoiced_at INTEGER,
  documents TEXT NOT NULL,
  PRIMARY KEY (pair, order_id)
) STRICT;
CREATE INDEX sales_order_placed ON sales_order (placed_at DESC, order_id DESC);
CREATE INDEX sales_order_stage ON sales_order (stage, placed_at DESC, order_id DESC);

CREATE TABLE event (id INTEGER PRIMARY KEY, topic TEXT NOT NULL, subject TEXT NOT NULL, at INTEGER NOT NULL, data TEXT NOT NULL) STRICT;

CREATE TABLE bucket (
  name TEXT PRIMARY KEY, tat_us INTEGER NOT NULL, interval_us INTEGER NOT NULL, burst INTEGER NOT NULL, learned INTEGER NOT NULL
) STRICT;

-- Who did what. Each row carries the hash of the one before, so a missing or changed row is found.
CREATE TABLE audit (
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, target TEXT NOT NULL, detail TEXT NOT NULL,
  ip TEXT, previous TEXT NOT NULL, hash TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is never changed'); END;
CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is never deleted'); END;

CREATE TABLE account (
  name TEXT PRIMARY KEY, password TEXT NOT NULL, failures INTEGER NOT NULL, locked_until INTEGER NOT NULL, created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE owner_link (hash TEXT PRIMARY KEY, expires_at INTEGER NOT NULL, used_at INTEGER) STRICT;
CREATE TABLE session (hash TEXT PRIMARY KEY, account TEXT NOT NULL, created_at INTEGER NOT NULL, seen_at INTEGER NOT NULL) STRICT;
