// What the last dry run did without, so that the rest of the spec could run: said where its values would be looked for.
import { Link } from "@tanstack/react-router"
import { t } from "../text"
import { Icon } from "../ui/Icon"
import type { DryRun } from "./api"
import { useSpec } from "./context"
import { stepsById } from "./document"

type Left = DryRun["left_out"][number]

const none: Left[] = []
export const useLeftOut = (): Left[] => useSpec((s) => s.run?.left_out ?? none)

// Lacking names the constants that have no value for the chosen entry, and leads to where one is given.
export function Lacking({ provider }: { provider: string }) {
  const left = useLeftOut()
  const entry = useSpec((s) => s.entry?.label ?? "")
  const source = useSpec((s) => s.run?.source_id)
  const saved = useSpec((s) => s.saved?.constants)
  const names = left.filter((l) => l.kind === "constant" && l.code === "missing_constant").map((l) => l.name)
  if (names.length === 0) return null
  const known = names.some((n) => saved?.some((c) => c.name === n))
  return (
    <div className="banner warn inset" role="status">
      <Icon name="warnf" />
      <span className="grow">
        {t("No value for {entry}: {names}. Steps that read {n, plural, one {it} other {them}} are left out.", {
          entry,
          names: names.join(", "),
          n: names.length,
        })}{" "}
        {known ? t("Give it on the link of the source, or as a default.") : t("Give it a default; a link can give it once this is saved.")}
      </span>
      {known && source && (
        <Link className="btn btn-xs" to={`/providers/${provider}`} search={{ source } as never}>
          {t("Fill it in on the link")}
        </Link>
      )}
    </div>
  )
}

// LeftOutNote says which steps did not run, and why.
export function LeftOutNote() {
  const left = useLeftOut()
  const spec = useSpec((s) => s.spec)
  if (left.length === 0) return null
  const steps = stepsById(spec)
  const named = (l: Left) => (l.kind === "step" ? t("step {n}", { n: steps.get(l.name)?.number ?? 0 }) : l.name)
  const shown = [...new Set(left.filter((l) => l.kind !== "step" || steps.has(l.name)).map(named))]
  if (shown.length === 0) return null
  return (
    <p className="pad-s t2">
      <Icon name="info" size={14} /> {t("This is without what cannot run yet: {what}.", { what: shown.join(", ") })}
    </p>
  )
}
