import { Link } from "@tanstack/react-router"
import { t, tr } from "../text"
import { number } from "../ui/format"
import { Section } from "../ui/Page"
import type { Backtest } from "./api"
import { nounWord } from "./KindTable"

const kinds: Record<string, string> = {
  other_record: t("by another record of the source"),
  other_source: t("by a record of another source"),
  same_delivery: t("by an earlier step of the same delivery"),
}

// More is what a backtest tells beside the differences: what is overwritten unnoticed, duplicates, what did not run.
export function More({ of: b }: { of: Backtest }) {
  return (
    <>
      {(b.overwrites ?? []).length > 0 && (
        <Section title={t("Overwritten unnoticed")} count={b.overwrites?.length}>
          <ul className="dots">
            {b.overwrites?.map((g) => (
              <li key={`${g.noun} ${g.step} ${g.kind}`}>
                {tr("{n, plural, one {# record} other {# records}} of {kind} at step <code>{step}</code>, {by}.", {
                  code: (inner) => <code>{inner}</code>,
                  n: g.count,
                  kind: nounWord(g.noun),
                  step: g.step,
                  by: kinds[g.kind] ?? g.kind,
                })}{" "}
                {g.examples?.slice(0, 3).map((e) => (
                  <code key={`${e.external_id} ${e.by.id}`} className="tag" title={`${e.over.id} → ${e.by.id}`}>
                    {e.external_id}
                  </code>
                ))}
              </li>
            ))}
          </ul>
        </Section>
      )}
      {(b.new_external_ids ?? []).length > 0 && (
        <Section title={t("Duplicates")} count={b.new_external_ids?.length}>
          <ul className="dots">
            {b.new_external_ids?.map((g) => (
              <li key={`${g.noun} ${g.step} ${g.before} ${g.after}`}>
                {nounWord(g.noun)}, <code className="t3">{g.step}</code>: <code>{g.examples?.[0]?.before}</code> →{" "}
                <code>{g.examples?.[0]?.after}</code>{" "}
                <span className="t3">{t("{n, plural, one {# delivery} other {# deliveries}}", { n: g.count })}</span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {((b.not_run ?? []).length > 0 || (b.notes ?? []).length > 0 || b.ungrouped > 0) && (
        <Section title={t("What was left out")}>
          <ul className="dots">
            {b.not_run?.map((g) => (
              <li key={g.why}>
                {number(g.count)} × {g.why}{" "}
                {g.examples?.slice(0, 3).map((d) => (
                  <Link key={d} className="row-link" to={`/deliveries/${d}`}>
                    <code>{d}</code>{" "}
                  </Link>
                ))}
              </li>
            ))}
            {b.notes?.map((n) => (
              <li key={n}>{n}</li>
            ))}
            {b.ungrouped > 0 && (
              <li>
                {t("{n, plural, one {# difference of a rarer kind than is listed} other {# differences of rarer kinds than are listed}}.", {
                  n: b.ungrouped,
                })}
              </li>
            )}
          </ul>
        </Section>
      )}
    </>
  )
}
