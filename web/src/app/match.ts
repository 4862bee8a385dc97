// match finds entries whose label has all the words.
export function match<T extends { label: string }>(entries: T[], text: string): T[] {
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean)
  return entries.filter((entry) => words.every((w) => entry.label.toLowerCase().includes(w)))
}
