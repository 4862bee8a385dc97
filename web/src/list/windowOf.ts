// windowOf is which rows of equal height are in sight, with some to spare on either side.
export function windowOf({ count, row, top, height, spare }: { count: number; row: number; top: number; height: number; spare: number }) {
  const from = Math.max(0, Math.min(count, Math.floor(top / row) - spare))
  const to = Math.min(count, Math.ceil((top + height) / row) + spare)
  return { from, to: Math.max(from, to) }
}
