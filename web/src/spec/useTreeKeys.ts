// The keys of the list of steps. The focus is on the list; what they act on is the row that it tells screen readers of.

import type { KeyboardEvent } from "react"
import { keyOf } from "../ui/keys"
import type { Commands } from "./commands"
import { useStore } from "./context"
import type { Place } from "./document"
import { placeAfter, placeWithin, type Row, rowAt, type StepRow } from "./rows"
import type { Grab } from "./useGrab"

interface Given {
  rows: readonly Row[]
  row: Row | undefined
  at: number // of that row; -1: none
  page: number // pixels in sight
  commands: Commands
  grab: Grab
  go: (to: Row | undefined, how?: "only" | "extend" | "toggle") => void
  fold: (id: string, shut?: boolean) => void
  insertAt: (place: Place, beside: Row | undefined) => void
  openMenu: (row: StepRow) => void
}

export function useTreeKeys({ rows, row, at, page, commands, grab, go, fold, insertAt, openMenu }: Given) {
  const store = useStore()
  const step = (by: number): Row | undefined => {
    for (let i = at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by; i >= 0 && i < rows.length; i += Math.sign(by))
      if (rows[i]?.kind !== "note") return rows[i]
    return undefined
  }

  return (e: KeyboardEvent) => {
    if (e.target !== e.currentTarget || grab.onKey(e)) return
    const did = (act: () => void) => {
      e.preventDefault()
      act()
    }
    const does = keyOf("steps", e)
    switch (does) {
      case "moveUp":
      case "moveDown":
      case "moveOut":
      case "moveIn": {
        const to = ({ moveUp: "up", moveDown: "down", moveOut: "out", moveIn: "in" } as const)[does]
        return row?.kind === "step" ? did(() => commands.nudge(to)) : undefined
      }
      case "all":
        return did(() =>
          store.select(
            rows.flatMap((r) => (r.kind === "step" ? [r.key] : [])),
            store.get().current,
          ),
        )
      case "duplicate":
        return did(commands.duplicate)
      case "pick":
        return did(() => go(row, "toggle"))
      case "down":
      case "up":
        return did(() => go(step(does === "down" ? 1 : -1), e.shiftKey ? "extend" : "only"))
      case "first":
        return did(() => go(rows.find((r) => r.kind !== "note")))
      case "last":
        return did(() => go(rows.findLast((r) => r.kind !== "note")))
      case "pageDown":
      case "pageUp":
        return did(() => {
          const to = rows[rowAt(rows, (row?.top ?? 0) + (does === "pageDown" ? page : -page))]
          go(to?.kind === "note" ? rows[rows.indexOf(to) + 1] : to)
        })
      case "in":
        if (row?.kind === "step" && row.folded) return did(() => fold(row.key, false))
        return did(() => ((row?.kind === "step" && row.block) || row?.kind === "arm" ? go(step(1)) : undefined))
      case "out":
        if (row?.kind === "step" && row.block && !row.folded) return did(() => fold(row.key, true))
        return did(() => go(rows.find((r) => r.key === (row?.kind === "arm" ? row.owner.id : row?.kind === "step" ? row.list.owner : undefined))))
      case "edit":
        return did(() => (row?.kind === "step" ? store.focus(row.key) : insertAt(placeAfter(row, store.get().spec), row)))
      case "add":
        return did(() => insertAt(placeAfter(row, store.get().spec), row))
      case "addInside":
        return did(() => insertAt(placeWithin(row, store.get().spec), row))
      case "remove":
        if (row?.kind === "arm") return row.empty ? did(() => commands.removeBranch(row.owner.id, row.body)) : undefined
        return did(commands.remove)
      case "toggle":
        return did(commands.toggle)
      case "rename":
        return row?.kind === "step" ? did(() => store.focus(row.key, "return_as")) : undefined
      case "take":
        return did(() => (row?.kind === "step" ? grab.take() : go(row)))
      case "menu":
        return row?.kind === "step" ? did(() => openMenu(row)) : undefined
      case "alone":
        return store.get().selected.length > 1 ? did(() => go(row)) : undefined
    }
  }
}
