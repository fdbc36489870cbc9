# The map of a deliberation as numpy makes it, the plain peer of src/num/opinion/opinion_pca.c: prints people, statements, the first two
# variances and milliseconds of CPU, best of five, one thread.
#   python3 bench/opinion_numpy.py VOTES.csv ...
import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
import csv
import sys
import time

import numpy as np


def read(path):
    cell = {}
    for row in csv.DictReader(open(path, encoding="utf-8")):
        cell[int(row["voter-id"]), int(row["comment-id"])] = int(row["vote"])
    people, statements = sorted({p for p, _ in cell}), sorted({s for _, s in cell})
    row, column = {p: i for i, p in enumerate(people)}, {s: j for j, s in enumerate(statements)}
    x = np.full((len(people), len(statements)), np.nan)
    for (p, s), vote in cell.items():
        x[row[p], column[s]] = vote
    return x


def plane(x):
    seen = ~np.isnan(x)
    answers = np.where(seen, x, 0)
    center = answers.sum(0) / np.maximum(1, seen.sum(0))
    cell = np.where(seen, x - center, 0)
    value, vector = np.linalg.eigh(cell.T @ cell)
    axes = vector[:, ::-1][:, :2]
    scale = np.sqrt(x.shape[1] / np.maximum(1, seen.sum(1)))
    position = cell @ axes * scale[:, None]
    extremity = np.sqrt(x.shape[1]) * np.abs(1 - center) * np.linalg.norm(axes, axis=1)
    return value[::-1][:2] / (len(x) - 1), position, extremity


for path in sys.argv[1:]:
    x = read(path)
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        variance, _, _ = plane(x)
        best = min(best, time.process_time() - start)
    print(len(x), x.shape[1], *(f"{v:.6f}" for v in variance), f"{1000 * best:.2f}")
