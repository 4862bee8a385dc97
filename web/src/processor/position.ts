// offsetOf turns line and column, both from 1 and in characters, into an offset of a text.
export function offsetOf(text: string, line: number, column: number): number {
  let at = 0
  for (let l = 1; l < line; l++) {
    const next = text.indexOf("\n", at)
    if (next < 0) return text.length
    at = next + 1
  }
  const end = text.indexOf("\n", at)
  // Columns count code points; an offset counts UTF-16 units.
  const units = Array.from(text.slice(at, end < 0 ? text.length : end))
    .slice(0, column - 1)
    .join("").length
  return at + units
}
