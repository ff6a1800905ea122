-- Suppliers beside customers, and why an intent waits as a code that the core can read.
CREATE TABLE party (
  pair TEXT NOT NULL, role TEXT NOT NULL, our_code TEXT NOT NULL, remote_code TEXT NOT NULL, fingerprint TEXT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (pair, role, our_code)
);
INSERT INTO party (pair, role, our_code, remote_code, fingerprint, at)
  SELECT pair, 'customer', our_code, remote_code, fingerprint, at FROM customer;
DROP TABLE customer;
ALTER TABLE intent ADD COLUMN cause TEXT;
