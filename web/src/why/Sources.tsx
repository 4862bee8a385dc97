import { t } from "../text"
import { Value } from "../trace/Value"
import { Icon } from "../ui/Icon"
import type { Condition, Source } from "./api"

const kinds: Record<Source["kind"], string> = {
  delivery: t("in the delivery"),
  constant: t("constant of the link"),
  enrichment: t("fetched beside the delivery"),
}

// Sources are the places that a value was made of, each with what stands there.
export function Sources({ of, label }: { of: readonly Source[]; label: string }) {
  return (
    <ul className="why-sources" aria-label={label}>
      {of.map((s) => (
        <li key={`${s.kind} ${s.path}`}>
          <code className="var">{s.path}</code>
          <span className="fv">
            <Value of={s.value} />
          </span>
          <span className="t3 fs-12">
            {kinds[s.kind]}
            {(s.via ?? []).length > 0 && <> · {t("through {steps}", { steps: (s.via ?? []).join(", ") })}</>}
          </span>
        </li>
      ))}
    </ul>
  )
}

// Conditions are those that let a step run, or kept it from running, the outermost first.
export function Conditions({ of }: { of: readonly Condition[] }) {
  return (
    <ul className="why-conditions" aria-label={t("Conditions")}>
      {of.map((c) => (
        <li key={`${c.step} ${c.branch}`}>
          <Icon name="fork" size={14} className="t3" />
          <code className="wrap">{c.formula.replace(/^=/, "")}</code>
          <span className="t3">{t("was")}</span>
          <Value of={c.value} />
          {c.sources.length > 0 && (
            <span className="t3 fs-12">
              {c.sources.map((s, i) => (
                <span key={s.path}>
                  {i > 0 && ", "}
                  <code>{s.path}</code> <Value of={s.value} />
                </span>
              ))}
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}
