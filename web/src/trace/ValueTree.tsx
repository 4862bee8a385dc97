import { useContext, useMemo, useRef, useState } from "react"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Icon } from "../ui/Icon"
import { Zone } from "../ui/Moment"
import type { V } from "./api"
import type { Binding, Reads } from "./model"
import { useWindow } from "./useWindow"
import { brief, childrenOf, isBranchy, shapeOf } from "./values"

const lineHeight = 24 // of .vr

interface Node {
  id: string // keys joined by newlines
  name: string
  value: V
  depth: number
  fresh: boolean
}

// ValueTree shows what was visible at a step; what the step read is marked.
export function ValueTree({ title, bindings, reads, onClose }: { title: string; bindings: Binding[]; reads: Reads; onClose?: () => void }) {
  const zone = useContext(Zone)
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set())
  const [find, setFind] = useState("")
  const [finding, setFinding] = useState(false)

  const nodes = useMemo(() => {
    const all: Node[] = []
    const words = find.trim().toLowerCase()
    const add = (id: string, name: string, value: V, depth: number, fresh: boolean) => {
      const node = { id, name, value, depth, fresh }
      const at = all.length
      all.push(node)
      // Open are the things a step read from, and what is short and on top.
      const read = [...reads.keys()].some((r) => r.startsWith(`${id}\n`))
      const openFirst = read || (depth === 0 && childrenOf(value).length <= 12)
      const open = words !== "" || openFirst !== toggled.has(id)
      const children = childrenOf(value)
      if (open && depth < 64) for (const [k, v] of children.slice(0, 200)) add(`${id}\n${k}`, k, v, depth + 1, false)
      if (words && all.length === at + 1 && !name.toLowerCase().includes(words) && !brief(value, zone).toLowerCase().includes(words)) all.pop()
    }
    for (const b of bindings) add(b.name, b.name, b.value, 0, b.fresh)
    return all
  }, [bindings, reads, toggled, find, zone])

  const list = useRef<HTMLUListElement>(null)
  const tops = useMemo(() => Array.from({ length: nodes.length + 1 }, (_, i) => i * lineHeight), [nodes.length])
  const { from, to, all } = useWindow(list, tops)

  const flip = (id: string) => setToggled((t) => (t.has(id) ? new Set([...t].filter((x) => x !== id)) : new Set([...t, id])))

  return (
    <aside className="values" aria-label={t("Values")}>
      <div className="pane-h">
        <span className="grow trunc">{title}</span>
        <Button
          size="xs"
          look="ghost"
          icon="search"
          label={t("Find a value")}
          aria-pressed={finding}
          onClick={() => {
            setFinding(!finding)
            setFind("")
          }}
        />
        {onClose && <Button size="xs" look="ghost" icon="x" label={t("Close")} onClick={onClose} />}
      </div>
      {finding && (
        <div className="find">
          <input
            autoFocus
            className="input input-sm"
            aria-label={t("Name or value")}
            placeholder={t("Name or value")}
            value={find}
            onChange={(e) => setFind(e.target.value)}
          />
        </div>
      )}
      <ul className="vrs" ref={list} style={all ? undefined : { paddingTop: tops[from], paddingBottom: (nodes.length - to) * lineHeight }}>
        {nodes.slice(from, to).map((n, i) => {
          const branchy = isBranchy(n.value)
          const read = reads.get(n.id)
          const open = branchy && nodes[from + i + 1]?.id.startsWith(`${n.id}\n`)
          const inner = (
            <>
              <span className="tw">{branchy && <Icon name={open ? "down" : "right"} size={14} />}</span>
              <code className="k">{n.name}</code>
              {n.fresh && <span className="new-mark">{t("new")}</span>}
              {shapeOf(n.value).is === "personal" ? (
                <span className="tag push" title={t("Personal data of a customer is never shown")}>
                  <Icon name="lock" />
                  {brief(n.value, zone)}
                </span>
              ) : (
                <code className="x trunc" title={brief(n.value, zone)}>
                  {brief(n.value, zone)}
                </code>
              )}
              {read !== undefined && <span className="vh">{t(", read by this step")}</span>}
            </>
          )
          const cls = `vr ${read === undefined ? "" : read ? "is-read is-bad" : "is-read"}`
          const style = { paddingLeft: 10 + Math.min(n.depth, 12) * 14 }
          return (
            <li key={n.id}>
              {branchy ? (
                <button type="button" className={cls} style={style} aria-expanded={open} onClick={() => flip(n.id)}>
                  {inner}
                </button>
              ) : (
                <div className={cls} style={style}>
                  {inner}
                </div>
              )}
            </li>
          )
        })}
      </ul>
      {nodes.length === 0 && <p className="pad-s t2">{find ? t("No name or value has that.") : t("Nothing is visible here.")}</p>}
    </aside>
  )
}
