// How large the parts of the Spec Builder are, as somebody last left them on this machine.
import { type CSSProperties, useState } from "react"

export const panels = {
  left: { usual: 248, min: 200, max: 420 },
  right: { usual: 412, min: 320, max: 720 },
  drawer: { usual: 208, min: 96, max: 480 },
} as const

export type Panel = keyof typeof panels
export type Sizes = Record<Panel, number>

const shelf = "builder panels" // of localStorage

function kept(): Sizes {
  const sizes: Sizes = { left: panels.left.usual, right: panels.right.usual, drawer: panels.drawer.usual }
  try {
    const stored = JSON.parse(localStorage.getItem(shelf) ?? "{}") as Partial<Sizes>
    for (const p of Object.keys(panels) as Panel[]) {
      const n = stored[p]
      if (typeof n === "number" && n >= panels[p].min && n <= panels[p].max) sizes[p] = n
    }
  } catch {
    // nothing that can be read: as they usually are
  }
  return sizes
}

export function usePanels(): { sizes: Sizes; style: CSSProperties; resize: (panel: Panel) => (to: number) => void } {
  const [sizes, setSizes] = useState(kept)
  const resize = (panel: Panel) => (to: number) =>
    setSizes((was) => {
      const now = { ...was, [panel]: to }
      try {
        localStorage.setItem(shelf, JSON.stringify(now))
      } catch {
        // storage is closed to us: it holds for as long as the page is open
      }
      return now
    })
  // What stands as usual is left to the style sheet, which has other widths on small screens.
  const style: Record<string, string> = {}
  for (const p of Object.keys(panels) as Panel[]) if (sizes[p] !== panels[p].usual) style[`--${p}-size`] = `${sizes[p]}px`
  return { sizes, style, resize }
}
