// Moving steps by keyboard: Space takes them up, arrows go through the places where they could stand, Space puts them
// down, Escape leaves them where they were. Each place is told to screen readers, and why it cannot be one.

import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from "react"
import { t } from "../text"
import { keyOf } from "../ui/keys"
import { type Commands, refused } from "./commands"
import { listOf, type Place, type Spec, stepsById } from "./document"
import { refusal } from "./names"
import { branchName } from "./overlay"
import { type Drop, dropsOf, type Row } from "./rows"
import type { SpecStore } from "./store"
import type { Dragging } from "./useDrag"

interface Grabbed extends Dragging {
  places: readonly Drop[]
  at: number
  numbers: string
}

export type Grab = ReturnType<typeof useGrab>

export function useGrab(rows: readonly Row[], scroller: RefObject<HTMLElement | null>, store: SpecStore, commands: Commands) {
  const [grabbed, setGrabbed] = useState<Grabbed | undefined>()
  const [says, setSays] = useState("")
  const latest = useRef(rows)
  latest.current = rows

  useEffect(() => {
    const el = scroller.current
    const top = grabbed?.drop?.top
    if (!el || top === undefined) return
    if (top < el.scrollTop + 32) el.scrollTop = Math.max(0, top - 64)
    else if (top > el.scrollTop + el.clientHeight - 32) el.scrollTop = top - el.clientHeight + 64
  }, [grabbed, scroller])

  const go = (g: Grabbed, to: number) => {
    const at = Math.max(0, Math.min(g.places.length - 1, to))
    const drop = g.places[at]
    if (!drop) return
    const { spec } = store.get()
    const why = refusal(spec, g.ids, drop.place)
    const no = why && refused(spec, why)
    setGrabbed({ ...g, at, drop, no })
    const words = placeWords(spec, drop.place)
    setSays(no ? t("{place}: not possible. {why}", { place: words, why: no }) : words)
  }

  const take = () => {
    const { spec } = store.get()
    const ids = store.chosen()
    if (ids.length === 0 || !commands.may()) return
    const places = dropsOf(latest.current, spec).filter((d) => !within(spec, ids, d.place.owner))
    const first = stepsById(spec).get(ids[0] as string)
    if (!first) return
    const here = places.findIndex((d) => d.place.owner === first.list.owner && d.place.key === first.list.key && d.place.index === first.index)
    const numbers = ids.map((id) => stepsById(spec).get(id)?.number ?? 0).join(", ")
    setGrabbed({ ids, places, at: Math.max(0, here), drop: places[Math.max(0, here)], no: undefined, numbers })
    setSays(
      t("Took up {n, plural, one {step {numbers}} other {steps {numbers}}}. Arrows move, Space puts down, Escape gives up.", {
        n: ids.length,
        numbers,
      }),
    )
  }

  const giveUp = () => {
    if (!grabbed) return
    setGrabbed(undefined)
    setSays(t("Left where it was."))
  }

  const put = (g: Grabbed) => {
    if (g.no || !g.drop) {
      setSays(t("It cannot be put down here. {why}", { why: g.no ?? "" }))
      return
    }
    const { spec } = store.get()
    const words = placeWords(spec, g.drop.place)
    setGrabbed(undefined)
    if (commands.moveTo(g.ids, g.drop.place)) setSays(t("Put down: {place}", { place: words }))
  }

  // onKey takes every key while something is held, but for those that leave the list.
  const onKey = (e: KeyboardEvent): boolean => {
    const g = grabbed
    const does = keyOf("held", e)
    if (!g || does === "leave" || e.ctrlKey || e.metaKey || e.altKey) return false
    e.preventDefault()
    e.stopPropagation()
    const depth = g.drop?.depth ?? 0
    switch (does) {
      case "down":
        go(g, g.at + 1)
        break
      case "up":
        go(g, g.at - 1)
        break
      case "out": {
        const out = g.places.findIndex((d, i) => i > g.at && d.depth < depth)
        go(g, out < 0 ? g.at : out)
        break
      }
      case "in": {
        const before = g.places.findLastIndex((d, i) => i < g.at && d.depth > depth)
        const after = g.places.findIndex((d, i) => i > g.at && d.depth > depth)
        go(g, before >= 0 ? before : after < 0 ? g.at : after)
        break
      }
      case "first":
        go(g, 0)
        break
      case "last":
        go(g, g.places.length - 1)
        break
      case "put":
        put(g)
        break
      case "giveUp":
        giveUp()
    }
    return true
  }
  return { grabbed: grabbed as Dragging | undefined, says, take, giveUp, onKey }
}

// within: a step is one of these, or lies in one.
function within(spec: Spec, ids: readonly string[], step: string | undefined): boolean {
  for (let at = step; at !== undefined; at = stepsById(spec).get(at)?.list.owner) if (ids.includes(at)) return true
  return false
}

// placeWords say where a place is, by the steps that stand there now.
function placeWords(spec: Spec, place: Place): string {
  const steps = listOf(spec, place)
  const number = (id: string | undefined) => stepsById(spec).get(id ?? "")?.number ?? 0
  if (place.index > 0) return t("After step {n}", { n: number(steps[place.index - 1]?.id) })
  if (place.owner === undefined) return t("At the beginning")
  return t("At the beginning of “{branch}” of step {n}", { branch: branchName(place.key), n: number(place.owner) })
}
