import { t } from "../text"
import { Button } from "../ui/Button"
import { Icon } from "../ui/Icon"
import { branchWord } from "../ui/words"
import type { Step } from "./api"
import { type Difference, fieldsApart } from "./compare"
import { Value } from "./Value"
import { same } from "./values"

// DifferenceBar says how far two runs are apart, and goes from one difference to the next.
export function DifferenceBar({ all, at, onAt }: { all: readonly Difference[]; at: string | undefined; onAt: (key: string) => void }) {
  const here = all.findIndex((d) => d.key === at)
  const ways = all.filter((d) => d.is !== "values").length
  const go = (to: number) => {
    const next = all[(to + all.length) % all.length]
    if (next) onAt(next.key)
  }
  return (
    <div className="apart-bar" role="status">
      <Icon name="compare" size={14} className="t3" />
      <span className="grow trunc">
        {all.length === 0
          ? t("Both runs did the same, with the same values.")
          : ways === 0
            ? t("Both went the same way; {n, plural, one {# step has} other {# steps have}} other values.", { n: all.length })
            : t("{n, plural, one {# step went} other {# steps went}} otherwise, {m} had other values.", { n: ways, m: all.length - ways })}
      </span>
      {all.length > 0 && (
        <>
          <span className="t3 fs-12 nowrap">{here < 0 ? "" : t("{n} of {all}", { n: here + 1, all: all.length })}</span>
          <Button size="xs" icon="up" label={t("Previous difference")} onClick={() => go(here < 0 ? -1 : here - 1)} />
          <Button size="xs" icon="down" label={t("Next difference")} onClick={() => go(here + 1)} />
        </>
      )}
    </div>
  )
}

// BothSides is what one step did in two runs: how it ended, and the fields that came to something else.
export function BothSides({ here, there, names }: { here: Step | undefined; there: Step | undefined; names: readonly [string, string] }) {
  const fields = here && there ? fieldsApart(here, there) : []
  const rows: [string, string | undefined, string | undefined][] = [
    [t("State"), here && ended(here), there && ended(there)],
    [t("Branch"), here?.branch && branchWord(here.branch), there?.branch && branchWord(there.branch)],
    [t("Items"), here?.count?.toString(), there?.count?.toString()],
    [t("Error"), here?.error?.message, there?.error?.message],
  ]
  return (
    <table className="tbl sides both-sides" aria-label={t("Both runs")}>
      <thead>
        <tr>
          <th scope="col">
            <span className="vh">{t("Field")}</span>
          </th>
          {names.map((name) => (
            <th scope="col" key={name}>
              <code>{name}</code>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows
          .filter(([, a, b]) => a || b)
          .map(([name, a, b]) => (
            <tr key={name} className={a === b ? "" : "is-apart"}>
              <th scope="row">{name}</th>
              <td>{a ?? "–"}</td>
              <td>{b ?? "–"}</td>
            </tr>
          ))}
        {fields.map((f) => (
          <tr key={f.name} className="is-apart">
            <th scope="row">{f.title}</th>
            <td>
              <Value of={f.here} />
            </td>
            <td>
              <Value of={f.there} />
            </td>
          </tr>
        ))}
        {here && there && !same(here.returns?.value, there.returns?.value) && (
          <tr className="is-apart">
            <th scope="row">{t("Gives")}</th>
            <td>
              <Value of={here.returns?.value} />
            </td>
            <td>
              <Value of={there.returns?.value} />
            </td>
          </tr>
        )}
      </tbody>
    </table>
  )
}

const states: Record<Step["state"], string> = {
  ran: t("ran"),
  failed: t("failed"),
  not_reached: t("not reached"),
  not_taken: t("not taken"),
  disabled: t("off"),
}

const outcomes: Record<string, string> = {
  created: t("new"),
  updated: t("changed"),
  unchanged: t("same"),
  found: t("same"),
}

function ended(s: Step): string {
  return s.undone ? t("undone") : s.state === "ran" && s.outcome ? (outcomes[s.outcome] ?? s.outcome) : states[s.state]
}
