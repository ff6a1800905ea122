#!/usr/bin/env python3
"""Reads a Flat File V2 with other tools and does what they can of the check: exact sums by triple and the identity.

usage: peers.py FILE [--runs 3] [--tools polars:1,polars:2,duckdb:1,duckdb:2,pandas:1]
A tool's number is its threads; with one thread it is also bound to one processor. Wall and processor time are those of the whole
process, peak is its largest resident set. See README.md for how to install them."""
import argparse, json, os, subprocess, sys, time

KEYS = ["transaction-type", "amount-type", "amount-description"]


def header(path):
    with open(path, encoding="utf-8") as lines:
        return lines.readline().rstrip("\n").split("\t")


def polars(path, threads):
    import polars as pl
    money = {"amount", "total-amount"}
    schema = {name: pl.Decimal(18, 2) if name in money else pl.String for name in header(path)}
    rows = pl.scan_csv(path, separator="\t", quote_char=None, schema=schema)
    sums = rows.group_by(KEYS).agg(pl.col("amount").sum(), pl.col("amount").count().alias("rows"), pl.col("total-amount").max())
    found = sums.collect(engine="streaming")
    own = found.filter(pl.col("rows") > 0)
    return own.height, own["rows"].sum(), own["amount"].sum(), found["total-amount"].max()


def duckdb(path, threads):
    import duckdb as db
    money = {"amount", "total-amount"}
    columns = ", ".join(f"'{name}': '{'DECIMAL(18,2)' if name in money else 'VARCHAR'}'" for name in header(path))
    keys = ", ".join(f'"{key}"' for key in KEYS)
    query = (f'select {keys}, sum(amount), count(amount), max("total-amount") from read_csv(\'{path}\', delim=\'\t\', header=true, '
             f"quote='', escape='', auto_detect=false, columns={{{columns}}}) group by all")
    found = db.connect(config={"threads": threads}).execute(query).fetchall()
    own = [row for row in found if row[4]]
    return len(own), sum(row[4] for row in own), sum(row[3] for row in own), max(row[5] for row in found if row[5] is not None)


def pandas(path, threads):
    import pandas as pd
    from decimal import Decimal
    types = {key: "category" for key in KEYS} | {"amount": str, "total-amount": str}
    rows = pd.read_csv(path, sep="\t", usecols=list(types), dtype=types, quoting=3)
    total, rows = rows["total-amount"].iloc[0], rows.iloc[1:]
    pence = rows["amount"].str.replace(".", "", regex=False).astype("int64")
    found = pence.groupby([rows[key] for key in KEYS], observed=True, dropna=False).agg(["sum", "count"])
    return len(found), int(found["count"].sum()), Decimal(int(found["sum"].sum())).scaleb(-2), total


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("file")
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument("--tools", default="polars:1,polars:2,duckdb:1,duckdb:2,pandas:1")
    arguments.add_argument("--work")
    given = arguments.parse_args()
    if given.work:
        tool, threads = given.work.split(":")
        triples, rows, total, stated = globals()[tool](given.file, int(threads))
        print(json.dumps({"triples": triples, "rows": int(rows), "sum": str(total), "balanced": str(total) == str(stated)}))
        return
    with open(given.file, "rb") as file:
        while file.read(1 << 24):
            pass
    for tool in given.tools.split(","):
        threads = tool.split(":")[1]
        for _ in range(given.runs):
            own = dict(os.environ, POLARS_MAX_THREADS=threads, OMP_NUM_THREADS=threads)
            command = [sys.executable, os.path.abspath(__file__), given.file, "--work", tool]
            bind = (lambda: os.sched_setaffinity(0, {0})) if threads == "1" else None
            started = time.perf_counter()
            process = subprocess.Popen(command, stdout=subprocess.PIPE, env=own, text=True, preexec_fn=bind)
            said = process.stdout.read().strip()
            _, status, used = os.wait4(process.pid, 0)
            wall = time.perf_counter() - started
            print(f"{tool}: {wall:.2f} s wall, {used.ru_utime + used.ru_stime:.2f} s CPU, {used.ru_maxrss // 1024} MiB peak, status {status}, {said}", flush=True)


if __name__ == "__main__":
    main()
