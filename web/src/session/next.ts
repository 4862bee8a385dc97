// Where somebody goes after signing in: the one parameter "next" of the address.

// outside is whether a page is one for those who are not signed in.
export const outside = (path: string): boolean => /^\/(sign-in|setup)\b/.test(path)

// nextOf is what an address asks for who has to sign in before going to href.
export const nextOf = (href: string): { next?: string } => {
  const after = placeAfter(href)
  return after === "/" ? {} : { next: after }
}

// placeAfter is the place of this site that a "next" names. What leaves the site ("//elsewhere") is the first page, and
// the page to sign in on is where that one leads.
export function placeAfter(next: string | undefined): string {
  if (next === undefined || !/^\/(?![/\\])/.test(next)) return "/"
  const { pathname, searchParams } = new URL(next, "http://here")
  return outside(pathname) ? placeAfter(searchParams.get("next") ?? undefined) : next
}
