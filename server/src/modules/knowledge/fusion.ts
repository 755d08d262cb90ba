/**
 * Reciprocal rank fusion: ranks of different kinds added up, as their scores cannot be compared.
 * Source: Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning
 * Methods", SIGIR 2009; 60 is their constant.
 */
const constant = 60

/**
 * @param rankings each best first, without repeats
 * @returns every key with the sum of 1/(60 + rank) over the rankings that have it, best first; on a tie the earlier ranking's
 */
export const fuseRanks = (rankings: readonly (readonly string[])[]): [key: string, score: number][] => {
  const scores = new Map<string, number>()
  for (const ranking of rankings) {
    for (const [at, key] of ranking.entries()) scores.set(key, (scores.get(key) ?? 0) + 1 / (constant + at + 1))
  }
  return [...scores].sort(([, a], [, b]) => b - a)
}
