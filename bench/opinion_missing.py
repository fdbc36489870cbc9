# Ways to place people who answered little, beside each other on open conversations (docs/decisions/0401):
#   python3 bench/opinion_missing.py VOTES.csv ...
# Held out: a tenth of all answers, how well the map tells them (squared error; 1 is the statement's mean). Thinned: people who
# answered much keep 7 or 15 answers; slope is how far out they then stand of where they stood (1: neither drawn in nor blown up),
# error how far from there (in units of the whole map). Farthest: the farthest person with fewer than 7 answers, in the same units.
import csv
import sys

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


def fit(c, seen):
    """The axes of the imputed matrix, and those of PPCA by EM as src/num/opinion/opinion_position.c does it."""
    n, k = len(c), 4
    _, size, axes = np.linalg.svd(c, full_matrices=False)
    w = axes[:k].T * np.sqrt(size[:k] ** 2 / (n - 1) / seen.mean())
    noise = (c[seen > 0] ** 2).mean()
    for _ in range(8):
        inverse = np.linalg.inv(np.einsum("ij,ja,jb->iab", seen, w, w) + noise * np.eye(k))
        z = np.einsum("iab,ib->ia", inverse, c @ w)
        square = noise * inverse + z[:, :, None] * z[:, None, :]
        gram, pull = np.einsum("ij,iab->jab", seen, square), c.T @ z
        w = np.linalg.solve(gram + noise * np.eye(k), pull[:, :, None])[:, :, 0]
        left = (c ** 2).sum() - 2 * (w * pull).sum() + np.einsum("ja,jab,jb->", w, gram, w)
        noise = max(left / seen.sum(), 1e-3)
    root = np.linalg.cholesky(square.mean(0))
    unit, spread, _ = np.linalg.svd(w @ root, full_matrices=False)
    return axes[:2].T, unit, noise / spread ** 2


def place(way, c, seen, axes, unit, ridge):
    answers = np.maximum(1, seen.sum(1))[:, None]
    if way == "em":
        gram = np.einsum("ij,ja,jb->iab", seen, unit, unit) + np.diag(ridge)
        return np.linalg.solve(gram, (c @ unit)[:, :, None])[:, :, 0], unit
    if way == "least squares":
        gram = np.einsum("ij,ja,jb->iab", seen, axes, axes) + 1e-9 * np.eye(2)
        return np.linalg.solve(gram, (c @ axes)[:, :, None])[:, :, 0], axes
    scale = {"mean": 1, "sqrt": np.sqrt(c.shape[1] / answers), "ratio": c.shape[1] / answers}[way]
    return c @ axes * scale, axes


def centered(x, seen):
    mean = np.where(seen, x, 0).sum(0) / np.maximum(1, seen.sum(0))
    return np.where(seen, x - mean, 0), mean


def compare(path, rng):
    x = read(path)
    seen = (~np.isnan(x)).astype(float)
    c, _ = centered(x, seen > 0)
    out = (rng.random(x.shape) < 0.1) & (seen > 0)
    kept = np.where(out, 0, seen)
    c_kept, mean = centered(x, kept > 0)
    plain = ((x - mean)[out] ** 2).mean()
    whole, part = fit(c, seen), fit(c_kept, kept)
    answers = seen.sum(1)
    many = answers >= max(30, np.quantile(answers, 0.6))
    thinned = {}
    for keep in (7, 15):
        thinned[keep] = np.zeros_like(seen)
        for i in np.where(many)[0]:
            thinned[keep][i, rng.choice(np.where(seen[i] > 0)[0], keep, replace=False)] = 1
    print(f"{path}: {len(x)} people, {x.shape[1]} statements")
    for way in ("mean", "sqrt", "ratio", "least squares", "em"):
        z, axes = place(way, c_kept, kept, *part)
        told = np.clip(mean + z @ axes.T, -1, 1)
        everybody = place(way, c, seen, *whole)[0][:, :2]
        full = everybody[many]
        unit = np.sqrt((full ** 2).sum(1).mean())
        line = f"  {way:14} held out {((x - told)[out] ** 2).mean() / plain:.2f}"
        for keep, some in thinned.items():
            z = place(way, c * some, some, *whole)[0][many][:, :2]
            line += f"   {keep}: slope {(z * full).sum() / (full ** 2).sum():.2f} error {np.sqrt(((z - full) ** 2).sum(1).mean()) / unit:.2f}"
        few = everybody[answers < 7]
        line += f"   farthest {np.sqrt((few ** 2).sum(1).max()) / unit:.1f}" if len(few) else ""
        print(line)


for name in sys.argv[1:]:
    compare(name, np.random.default_rng(1))
