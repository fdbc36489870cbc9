// How Polis' server finds base clusters and groups anew (a cold start), written down once more: projections from the map,
// k-means from the first distinct rows, silhouette over base clusters. A second opinion on "adem num opinion --exact".
const still = 0.01, roundsMax = 100, baseMax = 100, enough = 7, fillTo = 15, groupsMax = 5;
const distance = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);
const byPlace = (a, b) => a[0] - b[0] || a[1] - b[1];

function nearest(centers, point) {
  let best = 0;
  for (let k = 1; k < centers.length; k++) if (distance(centers[k], point) < distance(centers[best], point)) best = k;
  return best;
}

function kMeans(points, weights, k) {
  let centers = [];
  for (const point of points) if (centers.length < k && !centers.some(c => distance(c, point) === 0)) centers.push(point);
  let parts;
  for (let round = 0; round < roundsMax; round++) {
    parts = centers.map(() => []);
    points.forEach((point, i) => parts[nearest(centers, point)].push(i));
    parts = parts.filter(part => part.length > 0);
    const moved = parts.map(part => {
      const all = part.reduce((sum, i) => sum + weights[i], 0);
      return [0, 1].map(axis => part.reduce((sum, i) => sum + weights[i] * points[i][axis], 0) / all);
    });
    const old = [...centers].sort(byPlace), now = [...moved].sort(byPlace);
    centers = moved;
    if (now.every((center, n) => distance(center, old[n]) < still)) break;
  }
  return { parts, centers };
}

function silhouette(points, parts) {
  const mean = list => list.reduce((sum, x) => sum + x, 0) / list.length;
  const from = (i, others) => mean(others.map(o => distance(points[i], points[o])));
  return mean(parts.flatMap(part => part.map(i => {
    if (part.length === 1) return 0;
    const inside = from(i, part.filter(o => o !== i));
    const outside = Math.min(...parts.filter(other => other !== part).map(other => from(i, other)));
    return (outside - inside) / Math.max(inside, outside);
  })));
}

// VOTES: a Map from person to a Map from statement to 1, 0, -1. PCA: that of the answer, in the order of TIDS. Returns sets of
// people: base clusters, and groups.
export function clusters(votes, tids, pca) {
  const people = [...votes.keys()].sort((a, b) => a - b), column = new Map(tids.map((tid, j) => [tid, j]));
  const within = Math.min(enough, tids.length);
  const inside = new Set(people.filter(person => votes.get(person).size >= within));
  const others = people.filter(person => !inside.has(person)).sort((a, b) => votes.get(b).size - votes.get(a).size || a - b);
  while (inside.size < fillTo && others.length > 0) inside.add(others.shift());
  const placed = people.filter(person => inside.has(person));
  const points = placed.map(person => {
    const own = [...votes.get(person)], scale = Math.sqrt(tids.length / Math.max(1, own.length));
    // The server's matrix has agreement as -1.
    return pca.comps.map(axis => scale * own.reduce((sum, [tid, vote]) => {
      const j = column.get(tid);
      return sum + (-vote - pca.center[j]) * axis[j];
    }, 0));
  });
  const base = kMeans(points, points.map(() => 1), baseMax), sizes = base.parts.map(part => part.length);
  let best = null;
  for (let k = 2; k <= Math.min(groupsMax, 2 + Math.floor(base.parts.length / 12)); k++) {
    const groups = kMeans(base.centers, sizes, k), value = silhouette(base.centers, groups.parts);
    if (!best || value > best.value) best = { value, groups };
  }
  const named = base.parts.map(part => part.map(i => placed[i]));
  return { base: named, groups: best.groups.parts.map(group => group.flatMap(b => named[b])), silhouette: best.value };
}
