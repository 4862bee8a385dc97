import { nounWord } from "../compare/KindTable"
import { t } from "../text"
import type { V } from "../trace/api"
import { Value } from "../trace/Value"
import type { TestSide } from "./api"

// TestSides is what a test expects beside what came, whole: what is the same, too, with what differs marked.
export function TestSides({ name, sides }: { name: string; sides: readonly TestSide[] }) {
  const things = new Map<string, TestSide[]>()
  for (const s of sides) {
    const key = `${s.noun} ${s.external_id}`
    things.set(key, [...(things.get(key) ?? []), s])
  }
  return (
    <table className="tbl sides" aria-label={t("{name}: expected and got", { name })}>
      <thead>
        <tr>
          <th scope="col">
            <span className="vh">{t("Field")}</span>
          </th>
          <th scope="col">{t("Expected")}</th>
          <th scope="col">{t("Got")}</th>
        </tr>
      </thead>
      {[...things].map(([key, rows]) => {
        const first = rows[0] as TestSide
        return (
          <tbody key={key}>
            {first.noun !== "" && (
              <tr className="sides-h">
                <th scope="rowgroup" colSpan={3}>
                  {nounWord(first.noun)} <code>{first.external_id}</code>
                  {rows.every((s) => s.want === undefined) && <span className="c-bad"> {t("written, and not expected")}</span>}
                  {rows.every((s) => s.got === undefined) && <span className="c-bad"> {t("not written")}</span>}
                </th>
              </tr>
            )}
            {rows
              .filter((s) => s.field !== "external_id")
              .map((s) => (
                <tr key={s.field} className={s.same ? "" : "is-apart"}>
                  <th scope="row">
                    {!s.same && <span className="c-bad">≠ </span>}
                    {!s.same && <span className="vh">{t("differs:")} </span>}
                    {s.field}
                  </th>
                  <td>{side(s.want)}</td>
                  <td>{side(s.got)}</td>
                </tr>
              ))}
          </tbody>
        )
      })}
    </table>
  )
}

const side = (v: unknown) => (v === undefined ? <span className="t3">–</span> : <Value of={v as V} />)
