/** Did-you-mean: the candidate that a mistyped word most likely stands for. */

const longestWord = 64;

/** @returns undefined when nothing is close enough to be worth a guess */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > longestWord) return undefined;
  let best: string | undefined;
  let bestDistance = Infinity;
  const all = [...candidates];
  for (const candidate of all) {
    const distance = editDistance(heard(word), heard(candidate));
    const tolerance = Math.min(Math.max(1, Math.floor(word.length / 3)), Math.ceil(candidate.length / 2) - 1);
    if (distance <= tolerance && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  if (best !== undefined) return best;
  const meant = all.filter((candidate) => abbreviates(word, candidate));
  return meant.length === 1 ? meant[0] : undefined;
}

/** Words as they sound: "alfa" is "alpha". */
const heard = (word: string): string => word.toLowerCase().replaceAll("ph", "f");

/** Whether each part of a word begins one of the other's: "fig-6" of "figure-6". */
function abbreviates(word: string, whole: string): boolean {
  const [parts, wholes] = [word, whole].map((name) => name.toLowerCase().split(/[-._ ]/));
  return (
    word.length > 2 &&
    parts.length === wholes.length &&
    parts.every((part, place) => part !== "" && wholes[place].startsWith(part))
  );
}

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, substitution);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length];
}
