import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react"
import { Failed } from "../api/client"
import { t } from "../text"
import { Button } from "./Button"
import { Icon } from "./Icon"

type Kind = "done" | "refused" | "failed"

interface Note {
  id: number
  kind: Kind
  text: ReactNode
  words: string | undefined // the same ones twice are one notice; undefined: each has its own Undo, or is more than words
  undo?: () => void
}

interface Toasts {
  say: (text: ReactNode, undo?: () => void) => void
  refuse: (why: string) => void // nothing was done, and nothing is broken
  fail: (what: string, error?: unknown) => () => void // what it gives takes the notice away
}

const Context = createContext<Toasts>({ say: () => {}, refuse: () => {}, fail: () => () => {} })

export const useToast = () => useContext(Context)

const signs = {
  done: { name: "ok", className: "t3" },
  refused: { name: "warnf", className: "c-warn" },
  failed: { name: "fail", className: "c-bad" },
} as const

// How long the result of an action stays; one with Undo longer, so that there is time to think.
const shown = { plain: 5000, undo: 12000 }

export function ToastRegion({ children }: { children: ReactNode }) {
  const [notes, setNotes] = useState<Note[]>([])
  const next = useRef(1)
  const drop = useCallback((id: number) => setNotes((all) => all.filter((n) => n.id !== id)), [])
  const add = useCallback(
    (note: Omit<Note, "id">) => {
      const id = next.current++
      const again = (n: Note) => n.words !== undefined && n.words === note.words && n.kind === note.kind
      setNotes((all) => [...all.filter((n) => !again(n)).slice(-2), { ...note, id }])
      if (note.kind !== "failed") setTimeout(() => drop(id), note.undo ? shown.undo : shown.plain)
      return id
    },
    [drop],
  )
  const toasts = useMemo<Toasts>(
    () => ({
      say: (text, undo) => void add({ kind: "done", text, words: typeof text === "string" && !undo ? text : undefined, ...(undo && { undo }) }),
      refuse: (why) => void add({ kind: "refused", text: why, words: why }),
      fail: (what, error) => {
        const failed = error instanceof Failed ? error : undefined
        const id = add({
          kind: "failed",
          words: error === undefined ? what : `${what}: ${failed?.message ?? String(error)}`,
          text:
            error === undefined ? (
              what
            ) : (
              <>
                {what}: {failed?.message ?? String(error)} {failed?.requestId && <code className="t3">{failed.requestId}</code>}
              </>
            ),
        })
        return () => drop(id)
      },
    }),
    [add, drop],
  )
  const [stack, high] = useOutOfTheWay(notes.length)
  // To what lies over the page they are no part of what is beneath: it neither hides them nor closes when one is pressed.
  return (
    <Context.Provider value={toasts}>
      {children}
      <section
        ref={stack}
        className={high ? "toasts is-high" : "toasts"}
        aria-live="polite"
        aria-label={t("Notices")}
        data-react-aria-top-layer="true"
      >
        {notes.map((note) => (
          <div className="toast" key={note.id} role={note.kind === "done" ? "status" : "alert"}>
            <Icon {...signs[note.kind]} />
            <span className="grow">{note.text}</span>
            {note.undo && (
              <Button
                size="xs"
                onClick={() => {
                  note.undo?.()
                  drop(note.id)
                }}
              >
                {t("Undo")}
              </Button>
            )}
            <Button size="xs" look="ghost" icon="x" label={t("Dismiss")} onClick={() => drop(note.id)} />
          </div>
        ))}
      </section>
    </Context.Provider>
  )
}

// useOutOfTheWay says whether the notices stand above, because what has the focus is where they are below.
function useOutOfTheWay(count: number) {
  const stack = useRef<HTMLElement>(null)
  const [high, setHigh] = useState(false)
  useEffect(() => {
    if (count === 0) {
      setHigh(false)
      return
    }
    const look = () => {
      const box = stack.current
      const at = document.activeElement
      if (!box || !at || at === document.body || box.contains(at)) return
      const [notes, focus] = [box.getBoundingClientRect(), at.getBoundingClientRect()]
      const across = focus.right > notes.left && focus.left < notes.right
      const whole = focus.height > innerHeight / 2 // a list or an editor: it has room beside them
      if (across && !whole && focus.bottom > notes.top && focus.top < notes.bottom) setHigh((is) => !is)
    }
    look()
    document.addEventListener("focusin", look)
    return () => document.removeEventListener("focusin", look)
  }, [count])
  return [stack, high] as const
}
