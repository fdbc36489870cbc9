"""What somebody does who can write an embedded database and has no pepper: rewrites the audit with hashes that need no key.
rewrite.py DATABASE FROM [DETAIL]: gives row FROM another detail, if one is said, and all rows from there on new hashes; the
head follows. Prints the last row's number."""
import hashlib
import sqlite3
import struct
import sys


def chain(prev, row):
    message = b'adem/1' + bytes([5]) + b'chain'
    for part in (prev, row):
        message += struct.pack('<Q', len(part)) + part
    return hashlib.blake2b(message, digest_size=32).digest()


db = sqlite3.connect(sys.argv[1], timeout=10)
first = int(sys.argv[2])
if len(sys.argv) > 3:
    db.execute('UPDATE audit SET detail = ? WHERE number = ?', (sys.argv[3], first))
before = db.execute('SELECT hash FROM audit WHERE number = ?', (first - 1,)).fetchone()
prev, number = before[0] if before else bytes(32), 0
rows = db.execute('SELECT region, number, at_ms, coalesce(account_id, 0), action, subject, subject_id, detail FROM audit'
                  ' WHERE number >= ? ORDER BY number', (first,)).fetchall()
for row in rows:
    made = chain(prev, '|'.join(str(cell) for cell in row).encode())
    db.execute('UPDATE audit SET prev_hash = ?, hash = ? WHERE number = ?', (prev, made, row[1]))
    prev, number = made, row[1]
db.execute('UPDATE audit_heads SET number = ?, hash = ?', (number, prev))
db.commit()
print(number)
