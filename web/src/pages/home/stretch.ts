export interface Stretch {
  after: string
  before: string
}

// stretch is part i of a time that is cut at edges, the way lists are narrowed to it.
export const stretch = (edges: string[], i: number): Stretch => ({ after: edges[i] ?? "", before: edges[i + 1] ?? "" })

// whole is all of that time.
export const whole = (edges: string[]): Stretch => ({ after: edges[0] ?? "", before: edges.at(-1) ?? "" })

// sum is a number for all of it, of those for each part.
export const sum = (parts: number[]): number => parts.reduce((all, n) => all + n, 0)
