-- What settlements paid and gave back of orders, and in which encoding a file came, for PostgreSQL.
CREATE TABLE settled_line (
  pair TEXT NOT NULL, order_id TEXT NOT NULL, line TEXT NOT NULL, settlement_id TEXT NOT NULL, currency TEXT NOT NULL,
  units BIGINT NOT NULL, refunded_minor BIGINT NOT NULL, refunded_vat_minor BIGINT NOT NULL,
  PRIMARY KEY (pair, order_id, line, settlement_id, currency)
);
ALTER TABLE file ADD COLUMN charset TEXT;
