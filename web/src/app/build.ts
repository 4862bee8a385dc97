// Which build a page is of: the name of its first script changes with whatever is in it.

const entry = /<script[^>]+type="module"[^>]+src="([^"]+)"/

// entryOf reads it from the text of index.html.
export function entryOf(html: string): string | undefined {
  return entry.exec(html)?.[1]
}

// thisEntry is that of the page at hand.
export function thisEntry(page: Document): string | undefined {
  return page.querySelector<HTMLScriptElement>('script[type="module"][src]')?.getAttribute("src") ?? undefined
}
