"""What the bench `orders` does, in DuckDB: duckdb_join.py SETTLEMENT.tsv ORDERS.tsv [THREADS]. Needs the Python package duckdb."""
import sys
import time

began = time.perf_counter()
import duckdb

settlement, orders = sys.argv[1], sys.argv[2]
threads = int(sys.argv[3]) if len(sys.argv) > 3 else 2
columns = open(settlement, encoding="utf-8").readline().rstrip("\n").split("\t")
types = ",".join("'%s':'%s'" % (c, "DECIMAL(18,2)" if c in ("amount", "total-amount") else "VARCHAR") for c in columns)
row = duckdb.connect(config={"threads": threads}).execute(f"""
with s as (
  select "order-id" id, sum(amount) a
  from read_csv('{settlement}', delim='\t', header=true, quote='', escape='', auto_detect=false, columns={{{types}}})
  where "transaction-type" = 'Order' and "amount-type" = 'ItemPrice' and "order-id" <> '' group by 1),
o as (
  select "order-id" id, gross a
  from read_csv('{orders}', delim='\t', header=true, quote='', auto_detect=false,
    columns={{'order-id':'VARCHAR','purchase-date':'VARCHAR','currency':'VARCHAR','gross':'DECIMAL(18,2)'}}))
select count(*) filter (s.a = o.a), count(*) filter (s.a <> o.a), count(*) filter (o.id is null), count(*) filter (s.id is null)
from s full join o on s.id = o.id""").fetchone()
print("equal %d, different %d, only settlement %d, only orders %d: %.0f ms on %d threads"
      % (*row, (time.perf_counter() - began) * 1000, threads))
