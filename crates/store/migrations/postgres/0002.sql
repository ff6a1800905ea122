-- Settlements, for PostgreSQL: the files they came in, how far each is, and what finances say about single transactions.

-- Bytes as they came, once each, cut into parts. Never changed, never deleted while a settlement names them.
CREATE TABLE file (sha256 TEXT PRIMARY KEY, name TEXT NOT NULL, size BIGINT NOT NULL, parts BIGINT NOT NULL, added_at BIGINT NOT NULL);
CREATE TABLE file_part (sha256 TEXT NOT NULL REFERENCES file (sha256), part BIGINT NOT NULL, bytes BYTEA NOT NULL, PRIMARY KEY (sha256, part));
CREATE TRIGGER file_is_never_changed BEFORE UPDATE ON file FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER file_part_is_never_changed BEFORE UPDATE ON file_part FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Reports that were seen at the marketplace: one of them is fetched once.
CREATE TABLE report_seen (pair TEXT NOT NULL, report_id TEXT NOT NULL, settlement TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (pair, report_id));

CREATE TABLE settlement (
  pair TEXT NOT NULL, settlement_id TEXT NOT NULL, currency TEXT NOT NULL, file TEXT NOT NULL REFERENCES file (sha256), source TEXT NOT NULL,
  period_from BIGINT, period_to BIGINT, deposit_on BIGINT, total_minor BIGINT NOT NULL, row_count BIGINT NOT NULL,
  stage TEXT NOT NULL, stage_reason TEXT, mode TEXT NOT NULL, accepted TEXT NOT NULL, summary TEXT NOT NULL,
  first_seen_at BIGINT NOT NULL, posted_at BIGINT, updated_at BIGINT NOT NULL,
  PRIMARY KEY (pair, settlement_id, currency)
);
CREATE INDEX settlement_period ON settlement (period_to DESC, settlement_id DESC);
CREATE INDEX settlement_chain ON settlement (pair, currency, period_from);

-- What finances say about one transaction: the latest fact counts.
CREATE TABLE finance (
  pair TEXT NOT NULL, transaction_id TEXT NOT NULL, kind TEXT NOT NULL, status TEXT NOT NULL, order_id TEXT, settlement_id TEXT,
  posted_at BIGINT NOT NULL, matures_at BIGINT, amount_minor BIGINT NOT NULL, amount_currency TEXT NOT NULL, fact_id BIGINT NOT NULL,
  PRIMARY KEY (pair, transaction_id)
);
CREATE INDEX finance_order ON finance (pair, order_id);
CREATE INDEX finance_status ON finance (pair, status, posted_at);
