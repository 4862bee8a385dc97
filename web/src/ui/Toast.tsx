import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from "react"
import { Failed } from "../api/client"
import { t } from "../text"
import { Button } from "./Button"
import { Icon } from "./Icon"

interface Note {
  id: number
  text: ReactNode
  bad: boolean
  undo?: () => void
}

interface Toasts {
  say: (text: ReactNode, undo?: () => void) => void
  fail: (what: string, error?: unknown) => () => void // what it gives takes the notice away
}

const Context = createContext<Toasts>({ say: () => {}, fail: () => () => {} })

export const useToast = () => useContext(Context)

// How long the result of an action stays; one with Undo longer, so that there is time to think.
const shown = { plain: 5000, undo: 12000 }

export function ToastRegion({ children }: { children: ReactNode }) {
  const [notes, setNotes] = useState<Note[]>([])
  const next = useRef(1)
  const drop = useCallback((id: number) => setNotes((all) => all.filter((n) => n.id !== id)), [])
  const add = useCallback(
    (note: Omit<Note, "id">) => {
      const id = next.current++
      setNotes((all) => [...all.slice(-2), { ...note, id }])
      if (!note.bad) setTimeout(() => drop(id), note.undo ? shown.undo : shown.plain)
      return id
    },
    [drop],
  )
  const toasts = useMemo<Toasts>(
    () => ({
      say: (text, undo) => void add({ text, bad: false, ...(undo && { undo }) }),
      fail: (what, error) => {
        const failed = error instanceof Failed ? error : undefined
        const id = add({
          bad: true,
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
          <div className="toast" key={note.id} role={note.bad ? "alert" : "status"}>
            <Icon name={note.bad ? "fail" : "ok"} className={note.bad ? "c-bad" : "t3"} />
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
