// What can be done with steps, each with the words that undo says; the list, its menu and its keys all come here.
import { useMemo } from "react"
import type { Library } from "../library/library"
import { t } from "../text"
import { useToast } from "../ui/Toast"
import { useStore } from "./context"
import {
  copyOf,
  type Direction,
  duplicate,
  type Instruction,
  insert,
  listOf,
  move,
  type Place,
  placeBeside,
  remove,
  root,
  type Spec,
  setField,
  stepOf,
  stepsById,
  walk,
  withIds,
} from "./document"
import { type Refusal, refusal } from "./names"
import { titleOf } from "./Summary"
import type { SpecStore } from "./store"
import { asSpec, stepsAsYaml } from "./yaml"

const asTree = "application/x-dealwright-steps"

export type Commands = ReturnType<typeof useCommands>

// refused says why steps may not go to a place.
export function refused(spec: Spec, why: Refusal): string {
  if (why.why === "inside") return t("A step cannot go into itself.")
  if (why.why === "depth") return t("More than 64 levels deep is too deep.")
  const n = stepsById(spec).get(why.id)?.number ?? 0
  return why.why === "missing"
    ? t("Step {n} reads {name}, which would not be there.", { n, name: why.name })
    : t("Step {n} makes {name}, which would be there already.", { n, name: why.name })
}

const stepWords = (spec: Spec, ids: readonly string[]): string => {
  const only = ids.length === 1 ? stepsById(spec).get(ids[0] as string) : undefined
  return only ? t("step {n}", { n: only.number }) : t("{n, plural, one {# step} other {# steps}}", { n: ids.length })
}

export function useCommands(library: Library) {
  const store = useStore()
  const toast = useToast()
  return useMemo(() => {
    const spec = () => store.get().spec
    const chosen = () => store.chosen()
    // may says whether steps can be changed now; where YAML is in the way that is told.
    const may = (): boolean => {
      if (store.readOnly && !store.onlyLooks) toast.refuse(t("The YAML does not read yet: mend it or drop it, and the steps can be changed again."))
      return !store.readOnly
    }
    const put = (place: Place, steps: readonly Instruction[], label: string): string[] => {
      if (!may()) return []
      let ids: string[] = []
      const made = insert(spec(), place, steps)
      ids = made.ids
      store.edit(label, () => made.spec, { select: ids })
      return ids
    }
    const moveTo = (ids: readonly string[], place: Place): boolean => {
      if (!may()) return false
      const no = refusal(spec(), ids, place)
      if (no) {
        toast.refuse(refused(spec(), no))
        return false
      }
      store.edit(t("Move {steps}", { steps: stepWords(spec(), ids) }), (s) => move(s, ids, place), { select: ids })
      return true
    }
    return {
      library,
      may,
      add: (place: Place, steps: Instruction[]) => {
        const words =
          steps.length === 1
            ? titleOf(steps[0] as Instruction, library)
            : stepWords(
                spec(),
                steps.map((s) => s.id),
              )
        const ids = put(place, steps, t("Add {step}", { step: words }))
        if (ids[0]) store.focus(ids[0])
        store.added(ids)
      },
      remove: () => {
        const ids = chosen()
        if (ids.length === 0 || !may()) return
        const words = stepWords(spec(), ids)
        const before = spec()
        const next = neighbour(store, ids)
        store.edit(t("Delete {steps}", { steps: words }), (s) => remove(s, ids), { select: next ? [next] : [] })
        const after = store.get().spec
        toast.say(t("Deleted {steps}", { steps: words }), () => {
          if (store.get().spec === after) store.undo()
          else store.edit(t("Put back {steps}", { steps: words }), (now) => restored(before, now, ids))
        })
      },
      duplicate: () => {
        if (!may()) return
        const made = duplicate(spec(), chosen())
        if (made.ids.length > 0) store.edit(t("Duplicate {steps}", { steps: stepWords(spec(), chosen()) }), () => made.spec, { select: made.ids })
      },
      toggle: () => {
        if (!may()) return
        const ids = chosen()
        const off = ids.some((id) => !stepOf(spec(), id)?.disabled)
        const label = off ? t("Switch off {steps}", { steps: stepWords(spec(), ids) }) : t("Switch on {steps}", { steps: stepWords(spec(), ids) })
        store.edit(label, (s) => ids.reduce((x, id) => setField(x, id, ["disabled"], off ? true : undefined), s))
      },
      note: (id: string, text: string) =>
        store.edit(t("Change the note of {steps}", { steps: stepWords(spec(), [id]) }), (s) => setField(s, id, ["note"], text.trim() || undefined), {
          merge: `note ${id}`,
        }),
      moveTo,
      nudge: (to: Direction) => {
        const ids = chosen()
        // Several go together: up by the first of them, down by the last.
        const by = to === "down" ? ids.at(-1) : ids[0]
        const place = by && placeBeside(spec(), by, to)
        if (!place) return
        // A place no step may go to is passed over, as a branch that lacks a name.
        moveTo(ids, place)
      },
      addBranch: (id: string, key: string) =>
        store.edit(t("Add a branch"), (s) => {
          const step = stepOf(s, id)
          if (!step) return s
          const cases = (step.cases as unknown[] | undefined) ?? []
          return key === "cases"
            ? setField(s, id, ["cases", cases.length], { equals: [{ type: "literal", value: "" }], body: [] })
            : setField(s, id, [key], [])
        }),
      removeBranch: (id: string, key: string) =>
        store.edit(t("Delete a branch"), (s) =>
          setField(
            s,
            id,
            key
              .replace(/\/body$/, "")
              .split("/")
              .map((k) => (/^\d+$/.test(k) ? Number(k) : k)),
            undefined,
          ),
        ),
      // copy puts steps on the clipboard as YAML, and beside it as the tree, which keeps comments as well.
      copy: (data: DataTransfer): boolean => {
        const ids = chosen()
        if (ids.length === 0) return false
        const steps = ids.map((id) => copyOf(stepOf(spec(), id) as Instruction))
        data.setData("text/plain", stepsAsYaml(steps, library))
        data.setData(asTree, JSON.stringify(steps))
        return true
      },
      // paste takes steps from the clipboard: its own, or YAML from anywhere, which the server reads.
      paste: async (data: DataTransfer, place: Place): Promise<void> => {
        const own = data.getData(asTree)
        const steps = own ? (JSON.parse(own) as Instruction[]).map(copyOf) : await pasted(store, data.getData("text/plain"))
        if (!steps || steps.length === 0) {
          toast.refuse(t("The clipboard has no steps. Paste a list of steps in YAML, each with its type."))
          return
        }
        put(place, steps, t("Paste {steps}", { steps: t("{n, plural, one {# step} other {# steps}}", { n: steps.length }) }))
      },
    }
  }, [store, toast, library])
}

async function pasted(store: SpecStore, text: string): Promise<Instruction[] | undefined> {
  const { spec } = store.get()
  const whole = asSpec(text, spec.source_model, spec.var ?? "event")
  if (!whole) return undefined
  const read = await store.read(whole)
  return read && withIds(read).instructions.map(copyOf)
}

// neighbour is the step to choose when others are gone: the one after them, or before, or the block around.
function neighbour(store: SpecStore, ids: readonly string[]): string | undefined {
  const { spec } = store.get()
  const gone = new Set(ids)
  const order: { id: string; depth: number }[] = []
  walk(spec, (f) => {
    order.push({ id: f.step.id, depth: f.depth })
    return gone.has(f.step.id) ? false : undefined
  })
  const last = order.findLastIndex((x) => gone.has(x.id))
  return order.slice(last + 1).find((x) => !gone.has(x.id))?.id ?? order.slice(0, last).findLast((x) => !gone.has(x.id))?.id
}

// restored puts steps back where they were, as far as that place is still there.
function restored(before: Spec, now: Spec, ids: readonly string[]): Spec {
  return ids.reduce((s, id) => {
    const found = stepsById(before).get(id)
    if (!found || stepsById(s).has(id)) return s
    const there = found.list.owner === undefined || stepsById(s).has(found.list.owner)
    const list = there ? found.list : root
    return insert(s, { ...list, index: Math.min(found.index, listOf(s, list).length) }, [found.step]).spec
  }, now)
}
