import { makesSign } from "./keys"

// Whoever types, or is in something that lies on top, keeps their keys.
// A radio or a checkbox has no use for letters; of Enter neither.
const keeps = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable], [role=dialog], [role=alertdialog], [role=menu]"

// plainKey is whether a key pressed anywhere on the page is one for the page: alone, and taken by nobody yet.
export function plainKey(e: KeyboardEvent): boolean {
  if ((!makesSign(e) && (e.ctrlKey || e.metaKey || e.altKey)) || e.defaultPrevented) return false
  return !(e.target instanceof Element && e.target.closest(keeps))
}
