import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Dialog } from "../ui/Dialog"
import { Failure, Skeleton } from "../ui/Feedback"
import { number } from "../ui/format"
import { Icon } from "../ui/Icon"
import { type Change, type Identity, type Standing, standingOf } from "./api"

type What = "ignore" | "create" | "link"

interface Props {
  picked: Identity[]
  busy: boolean
  progress: number | undefined // of the changes, how many are made
  onClear: () => void
  onAll: (() => void) | undefined // picks all that match; nothing: they are picked
  act: (changes: Change[], said: string) => void
}

// BulkBar does one thing to all that are picked, and first says what that would be.
export function BulkBar({ picked, busy, progress, onClear, onAll, act }: Props) {
  const [what, setWhat] = useState<What>()
  if (picked.length === 0) return null
  return (
    <section className="bulkbar" aria-label={t("Picked identities")}>
      <b className="num" role="status">
        {progress === undefined
          ? t("{n, plural, one {# picked} other {# picked}}", { n: picked.length })
          : t("{done} of {n} done", { done: number(progress), n: number(picked.length) })}
      </b>
      {onAll && (
        <Button size="sm" look="ghost" onClick={onAll}>
          {t("Pick all that match")}
        </Button>
      )}
      <Button size="sm" needs="identities:link" icon="link" disabled={busy} onClick={() => setWhat("link")}>
        {t("Link sure matches…")}
      </Button>
      <Button size="sm" needs="identities:link" icon="useradd" disabled={busy} onClick={() => setWhat("create")}>
        {t("Create and link…")}
      </Button>
      <Button size="sm" needs="identities:link" disabled={busy} onClick={() => setWhat("ignore")}>
        {t("Ignore…")}
      </Button>
      <Button size="sm" look="ghost" icon="x" label={t("Pick none")} onClick={onClear} />
      {what && <Preview what={what} picked={picked} onClose={() => setWhat(undefined)} act={act} />}
    </section>
  )
}

interface Line {
  x: Identity
  s: Standing | undefined
  to: string | undefined
  change: Change
}

const shown = 100 // lines of a preview

// standings asks for that of many, a hundred at a time.
async function standings(ids: string[], signal: AbortSignal): Promise<Map<string, Standing>> {
  const all = new Map<string, Standing>()
  for (let at = 0; at < ids.length; at += 100) for (const s of await standingOf(ids.slice(at, at + 100), signal)) all.set(s.id, s)
  return all
}

function Preview({ what, picked, onClose, act }: { what: What; picked: Identity[]; onClose: () => void; act: Props["act"] }) {
  const ids = picked.map((p) => p.id)
  const of = useQuery({ queryKey: ["identities", "standings", ids], queryFn: ({ signal }) => standings(ids, signal) })
  const nameOf = (x: Identity) => x.external_name || x.external_id
  const lines = picked.flatMap((x): Line[] => {
    const s = of.data?.get(x.id)
    if (x.entity || x.ignored) return []
    if (what === "link") return s?.match ? [{ x, s, to: s.match.entity.name, change: { id: x.id, do: "link", entity_id: s.match.entity.id } }] : []
    return [{ x, s, to: what === "create" ? nameOf(x) : undefined, change: { id: x.id, do: what, ...(what === "create" && { name: nameOf(x) }) } }]
  })
  const records = lines.reduce((n, l) => n + (l.s?.records ?? 0), 0)
  const more = lines.some((l) => l.s?.more)
  const moving = { of: more ? 2 : records, n: `${number(records)}${more ? "+" : ""}` }
  const titles: Record<What, string> = {
    link: t("Link {n, plural, one {# sure match} other {# sure matches}}", { n: lines.length }),
    create: t("Create and link {n, plural, one {# identity} other {# identities}}", { n: lines.length }),
    ignore: t("Ignore {n, plural, one {# identity} other {# identities}}", { n: lines.length }),
  }
  const said: Record<What, string> = {
    link: t("{n, plural, one {# identity is} other {# identities are}} linked", { n: lines.length }),
    create: t("{n, plural, one {# identity is} other {# identities are}} created and linked", { n: lines.length }),
    ignore: t("{n, plural, one {# identity is} other {# identities are}} ignored", { n: lines.length }),
  }
  const left = picked.length - lines.length
  return (
    <Dialog
      wide
      open
      onClose={onClose}
      title={titles[what]}
      footer={
        <>
          <Button look="ghost" onClick={onClose}>
            {t("Cancel")}
          </Button>
          <Button
            look="primary"
            disabled={!of.data || lines.length === 0}
            onClick={() => {
              act(
                lines.map((l) => l.change),
                said[what],
              )
              onClose()
            }}
          >
            {titles[what]}
          </Button>
        </>
      }
    >
      {of.isPending ? (
        <Skeleton rows={4} />
      ) : of.isError ? (
        <Failure error={of.error} retry={() => of.refetch()} title={t("Could not look them up")} />
      ) : (
        <>
          <p className="t2">
            {what === "ignore"
              ? t("{of, plural, one {{n} record names them and goes on} other {{n} records name them and go on}} counting for nobody.", moving)
              : t("{of, plural, one {{n} record moves} other {{n} records move}} from nobody to those on the right. Undo puts them back.", moving)}
            {left > 0 &&
              ` ${
                what === "link"
                  ? t("{n, plural, one {# has no sure match and stays} other {# have no sure match and stay}}.", { n: left })
                  : t("{n, plural, one {# is linked or ignored and stays} other {# are linked or ignored and stay}}.", { n: left })
              }`}
          </p>
          {lines.length > 0 && (
            <div className="box bulk-lines">
              <table className="tbl" aria-label={titles[what]}>
                <tbody>
                  {lines.slice(0, shown).map(({ x, s, to }) => (
                    <tr key={x.id}>
                      <td className="clip">{nameOf(x)}</td>
                      <td className="t3">{x.provider_name}</td>
                      <td className="clip">
                        {to && (
                          <>
                            <Icon name="right" size={12} className="inline-i" /> {to}
                          </>
                        )}
                      </td>
                      <td className="n">{s && (s.more ? `${number(s.records)}+` : number(s.records))}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
          {lines.length > shown && <p className="t3">{t("and {n} more", { n: number(lines.length - shown) })}</p>}
        </>
      )}
    </Dialog>
  )
}
