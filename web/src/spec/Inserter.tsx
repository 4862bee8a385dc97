import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "react"
import { t } from "../text"
import { stepIcon } from "../trace/StepList"
import { Icon } from "../ui/Icon"
import { keyOf } from "../ui/keys"
import type { Commands } from "./commands"
import { useStore } from "./context"
import type { Place } from "./document"
import { newStep, recentTypes, rememberType, snippetsOf, stepsOf } from "./start"

interface Option {
  key: string
  group: string
  title: string
  help: string
  icon: string
  off?: string | undefined
  make: () => void
}

interface Props {
  commands: Commands
  place: Place
  top: number
  onClose: () => void
  onAdded: () => void
}

// Inserter offers what can stand at a place, narrowed by typing: what was used last first, then the groups of the library.
export function Inserter({ commands, place, top, onClose, onAdded }: Props) {
  const store = useStore()
  const id = useId()
  const [text, setText] = useState("")
  const [at, setAt] = useState(0)
  const box = useRef<HTMLDivElement>(null)
  const { library } = commands

  useLayoutEffect(() => {
    const el = box.current
    const scroller = el?.parentElement
    if (!el || !scroller) return
    // Below the place, or above it where there is no room.
    const below = top - scroller.scrollTop + el.offsetHeight < scroller.clientHeight
    el.style.top = `${below ? top + 4 : Math.max(scroller.scrollTop + 4, top - el.offsetHeight - 36)}px`
  }, [top])

  const options = useMemo(() => {
    const { spec } = store.get()
    const one = (group: string, name: string): Option[] => {
      const type = library.instruction(name)
      if (!type) return []
      const make = () => {
        rememberType(name)
        commands.add(place, [newStep(type, spec, library)])
      }
      return [{ key: `${group} ${name}`, group, title: type.title, help: type.help, icon: name, off: type.off || undefined, make }]
    }
    const groups = [...new Set(library.instructions.map((i) => i.group))]
    const all: Option[] = [
      ...recentTypes().flatMap((n) => one(t("Used last"), n)),
      ...groups.flatMap((g) => library.instructions.filter((i) => i.group === g).flatMap((i) => one(g, i.name))),
      ...snippetsOf(library).map((s) => ({
        key: s.id,
        group: t("Several at once"),
        title: s.types.map((x) => x.title).join(" + "),
        help: "",
        icon: s.types.at(-1)?.name ?? "",
        make: () => commands.add(place, stepsOf(s, spec, library)),
      })),
    ]
    const wanted = text.toLowerCase().split(/\s+/).filter(Boolean)
    if (wanted.length === 0) return all
    const found = all.filter((o) => o.group !== t("Used last") && wanted.every((w) => `${o.title} ${o.icon} ${o.group}`.toLowerCase().includes(w)))
    // What begins with the word stands before what only has it.
    return found.sort((a, b) => rank(a, wanted) - rank(b, wanted))
  }, [text, library, commands, place, store])

  const cursor = Math.min(at, options.length - 1)
  useEffect(() => {
    document.getElementById(`${id}-${cursor}`)?.scrollIntoView({ block: "nearest" })
  }, [cursor, id])

  const take = (o: Option | undefined) => {
    if (!o || o.off) return
    onAdded()
    o.make()
  }
  const onKey = (e: KeyboardEvent) => {
    const does = keyOf("choose", e)
    const to = { next: cursor + 1, back: cursor - 1, first: 0, last: options.length - 1, take: undefined, close: undefined, leave: undefined }[
      does ?? "take"
    ]
    if (to !== undefined) {
      e.preventDefault()
      setAt(Math.max(0, Math.min(options.length - 1, to)))
    } else if (does === "take") {
      e.preventDefault()
      take(options[cursor])
    } else if (does === "close" || does === "leave") {
      e.preventDefault()
      e.stopPropagation()
      onClose()
    }
  }

  return (
    <div
      className="inserter"
      ref={box}
      role="dialog"
      aria-label={t("Add a step")}
      onBlur={(e) => {
        if (!e.currentTarget.contains(e.relatedTarget)) onAdded()
      }}
    >
      <span className="input input-sm">
        <Icon name="search" />
        <input
          autoFocus
          className="bare"
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={options.length > 0 ? `${id}-${cursor}` : undefined}
          aria-autocomplete="list"
          aria-label={t("Add a step")}
          placeholder={t("What should it do?")}
          value={text}
          onChange={(e) => {
            setText(e.target.value)
            setAt(0)
          }}
          onKeyDown={onKey}
        />
      </span>
      <div className="inserter-l" id={`${id}-list`} role="listbox" aria-label={t("Steps")} tabIndex={-1}>
        {options.map((o, i) => (
          <div key={o.key} role="presentation">
            {o.group !== options[i - 1]?.group && (
              <div className="sc-h" role="presentation">
                {o.group}
              </div>
            )}
            <div
              id={`${id}-${i}`}
              role="option"
              aria-selected={i === cursor}
              aria-disabled={o.off ? true : undefined}
              className={`ins-o ${i === cursor ? "is-hover" : ""} ${o.off ? "is-off" : ""}`}
              title={o.off ?? o.help}
              onPointerMove={() => setAt(i)}
              onPointerDown={(e) => {
                e.preventDefault()
                take(o)
              }}
            >
              <Icon name={stepIcon(o.icon)} size={14} />
              <span className="nowrap">{o.title}</span>
              <span className="t3 fs-12 trunc">{o.off ?? o.help}</span>
            </div>
          </div>
        ))}
        {options.length === 0 && <p className="pad-s t2">{t("No step is called that.")}</p>}
      </div>
    </div>
  )
}

const rank = (o: Option, wanted: string[]): number =>
  wanted.some((w) =>
    o.title
      .toLowerCase()
      .split(" ")
      .some((x) => x.startsWith(w)),
  )
    ? 0
    : 1
