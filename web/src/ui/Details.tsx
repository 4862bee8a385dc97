import type { Detail } from "../api/client"
import { t } from "../text"

// Details lists what an answer found wrong: where, what, and what to do.
export function Details({ of }: { of: Detail[] }) {
  if (of.length === 0) return null
  return (
    <ul className="dots">
      {of.map((d) => (
        <li key={`${d.field} ${d.index} ${d.pointer} ${d.code} ${d.message}`}>
          {d.index !== undefined && <span className="t2">{t("item {n}:", { n: d.index + 1 })} </span>}
          {d.field && !d.message.startsWith(d.field) && !d.message.includes(`“${d.field}”`) && <code>{d.field} </code>}
          {d.message} {d.hint && <span className="t2">{d.hint}</span>}
        </li>
      ))}
    </ul>
  )
}
