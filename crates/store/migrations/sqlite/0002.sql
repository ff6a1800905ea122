-- Settlements: the files they came in, how far each is, and what finances say about single transactions.

-- Bytes as they came, once each, cut into parts. Never changed, never deleted while a settlement names them.
CREATE TABLE file (sha256 TEXT PRIMARY KEY, name TEXT NOT NULL, size INTEGER NOT NULL, parts INTEGER NOT NULL, added_at INTEGER NOT NULL) STRICT;
CREATE TABLE file_part (sha256 TEXT NOT NULL REFERENCES file (sha256), part INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (sha256, part)) STRICT, WITHOUT ROWID;
CREATE TRIGGER file_is_never_changed BEFORE UPDATE ON file BEGIN SELECT RAISE(ABORT, 'a file is never changed'); END;
CREATE TRIGGER file_part_is_never_changed BEFORE UPDATE ON file_part BEGIN SELECT RAISE(ABORT, 'a file is never changed'); END;

-- Reports that were seen at the marketplace: one of them is fetched once.
CREATE TABLE report_seen (pair TEXT NOT NULL, report_id TEXT NOT NULL, settlement TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (pair, report_id)) STRICT, WITHOUT ROWID;

CREATE TABLE settlement (
  pair TEXT NOT NULL, settlement_id TEXT NOT NULL, currency TEXT NOT NULL, file TEXT NOT NULL REFERENCES file (sha256), source TEXT NOT NULL,
  period_from INTEGER, period_to INTEGER, deposit_on INTEGER, total_minor INTEGER NOT NULL, row_count INTEGER NOT NULL,
  stage TEXT NOT NULL, stage_reason TEXT, mode TEXT NOT NULL, accepted TEXT NOT NULL, summary TEXT NOT NULL,
  first_seen_at INTEGER NOT NULL, posted_at INTEGER, updated_at INTEGER NOT NULL,
  PRIMARY KEY (pair, settlement_id, currency)
) STRICT;
CREATE INDEX settlement_period ON settlement (period_to DESC, settlement_id DESC);
CREATE INDEX settlement_chain ON settlement (pair, currency, period_from);

-- What finances say about one transaction: the latest fact counts.
CREATE TABLE finance (
  pair TEXT NOT NULL, transaction_id TEXT NOT NULL, kind TEXT NOT NULL, status TEXT NOT NULL, order_id TEXT, settlement_id TEXT,
  posted_at INTEGER NOT NULL, matures_at INTEGER, amount_minor INTEGER NOT NULL, amount_currency TEXT NOT NULL, fact_id INTEGER NOT NULL,
  PRIMARY KEY (pair, transaction_id)
) STRICT;
CREATE INDEX finance_order ON finance (pair, order_id);
CREATE INDEX finance_status ON finance (pair, status, posted_at);
