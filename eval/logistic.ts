/** Logistic regression by Newton's method, for the few weights that the product carries. */

export interface Example {
  x: readonly number[]
  isTrue: boolean
  /** How much it counts. */
  weight: number
}

/** Gauss-Jordan without pivoting, enough for a positive definite matrix. */
const solve = (matrix: readonly number[][], right: readonly number[]): number[] => {
  const rows = matrix.map((row, at) => [...row, right[at] ?? 0])
  rows.forEach((pivot, at) => {
    const head = pivot[at] ?? 1
    pivot.forEach((value, column) => {
      pivot[column] = value / head
    })
    rows.forEach((row, other) => {
      const factor = other === at ? 0 : (row[at] ?? 0)
      pivot.forEach((value, column) => {
        row[column] = (row[column] ?? 0) - factor * value
      })
    })
  })
  return rows.map((row) => row.at(-1) ?? 0)
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0)

/** The weights, the constant's first. */
export const fitLogistic = (examples: readonly Example[], steps = 20): number[] => {
  const size = (examples[0]?.x.length ?? 0) + 1
  let weights: number[] = Array.from({ length: size }, () => 0)
  for (let step = 0; step < steps; step += 1) {
    const gradient = weights.map(() => 0)
    const hessian = weights.map((_, row): number[] => weights.map((__, column) => (row === column ? 1e-4 : 0)))
    for (const { x, isTrue, weight } of examples) {
      const values = [1, ...x]
      const chance = 1 / (1 + Math.exp(-dot(values, weights)))
      values.forEach((value, row) => {
        gradient[row] = (gradient[row] ?? 0) + weight * ((isTrue ? 1 : 0) - chance) * value
        const line = hessian[row] ?? []
        values.forEach((other, column) => {
          line[column] = (line[column] ?? 0) + weight * chance * (1 - chance) * value * other
        })
      })
    }
    const change = solve(hessian, gradient)
    weights = weights.map((value, at) => value + (change[at] ?? 0))
  }
  return weights
}
