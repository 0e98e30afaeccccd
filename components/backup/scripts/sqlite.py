"""Copies an SQLite database that is in use, as one consistent snapshot."""

import os
import sqlite3
import sys

source = sqlite3.connect(f"file:{os.environ['SQLITE_SOURCE']}?mode=ro", uri=True, timeout=60)
copy = sqlite3.connect(os.environ["SQLITE_COPY"])
with copy:
    source.backup(copy)
verdict = copy.execute("PRAGMA integrity_check").fetchone()[0]
pages = copy.execute("PRAGMA page_count").fetchone()[0]
copy.close()
source.close()
if verdict != "ok":
    sys.exit(f"The copy is damaged: {verdict}")
print(f"Database copied: {pages} pages.")
