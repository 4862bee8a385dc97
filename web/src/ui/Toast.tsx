import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from "react"
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
  return (
    <Context.Provider value={toasts}>
      {children}
      <section className="toasts" aria-live="polite" aria-label={t("Notices")}>
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
