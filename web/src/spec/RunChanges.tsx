import { useContext, useState } from "react"
import { t } from "../text"
import type { V } from "../trace/api"
import { brief } from "../trace/values"
import { Icon } from "../ui/Icon"
import { Zone } from "../ui/Moment"
import { OutcomeMark } from "../ui/Outcomes"
import { word } from "../ui/words"
import type { DryRun } from "./api"
import { useSpec } from "./context"
import { LeftOutNote } from "./LeftOut"

const outcomes = { created: "new", changed: "changed", held_back: "skipped", untouched: "same" } as const

const outcomeWords = {
  created: () => t("would be made"),
  changed: () => t("would change"),
  held_back: () => t("would be held back"),
  untouched: () => t("stays as it is"),
}

type Thing = DryRun["things"][number]

// RunChanges is what the chosen Trace Schema entry would write: the records on the left, one of them on the right.
export function RunChanges() {
  const run = useSpec((s) => s.run)
  const failed = useSpec((s) => s.runFailed)
  const entry = useSpec((s) => s.entry)
  const old = useSpec((s) => s.running)
  const [picked, setPicked] = useState<string | undefined>()
  if (!entry) return <p className="pad-s t2">{t("Choose an entry of the Trace Schema to see what it would write.")}</p>
  if (failed && !run) return <p className="pad-s t2">{failed.message}</p>
  if (!run) return <p className="pad-s t2">{t("Running…")}</p>
  const errors = run.errors ?? []
  const key = (x: Thing) => `${x.noun} ${x.external_id}`
  const shown =
    run.things.find((x) => key(x) === picked) ?? run.things.find((x) => x.outcome === "created" || x.outcome === "changed") ?? run.things[0]
  return (
    <div className={old ? "is-old" : ""}>
      {failed && (
        <p className="pad-s t2">
          <Icon name="info" size={14} /> {t("The draft has problems, so this is of before.")}
        </p>
      )}
      <LeftOutNote />
      {errors.map((e) => (
        <p key={`${e.code} ${e.message}`} className="pad-s st bad wrap">
          <Icon name="fail" />
          {e.message}
        </p>
      ))}
      {(run.notes ?? []).map((n) => (
        <p key={n} className="pad-s t2">
          {n}
        </p>
      ))}
      {shown ? (
        <div className="recs">
          <div className="rl" role="listbox" aria-label={t("Records")} tabIndex={-1}>
            {run.things.map((x) => (
              <button
                type="button"
                key={key(x)}
                role="option"
                aria-selected={x === shown}
                className={`line ${x === shown ? "is-sel" : ""}`}
                onClick={() => setPicked(key(x))}
              >
                <OutcomeMark is={outcomes[x.outcome]} bare />
                <span className="t3 nowrap">{word(x.noun)}</span>
                <code className="trunc">{x.external_id}</code>
              </button>
            ))}
          </div>
          <ThingChange of={shown} />
        </div>
      ) : (
        errors.length === 0 && <p className="pad-s t2">{t("This entry would write nothing.")}</p>
      )}
    </div>
  )
}

export function ThingChange({ of }: { of: Thing }) {
  const zone = useContext(Zone)
  const value = (v: unknown) => brief(v as V, zone)
  return (
    <div className="rb" tabIndex={0} role="group" aria-label={t("Before and after")}>
      <div className="rb-h">
        <OutcomeMark is={outcomes[of.outcome]} bare />
        <span className="strong nowrap">{word(of.noun)}</span>
        <code className="trunc">{of.external_id}</code>
        <span className="push t3 fs-12 nowrap">{outcomeWords[of.outcome]()}</span>
      </div>
      {(of.fields ?? []).map((f) => (
        <div className="rd-r" key={f.field}>
          <span className="f">{f.field}</span>
          <span>
            {of.outcome === "changed" && (
              <del className="was">
                <code>{value(f.before)}</code>
              </del>
            )}{" "}
            <ins className="now">
              <code>{value(f.after)}</code>
            </ins>
          </span>
        </div>
      ))}
      {(of.held_back ?? []).map((f) => (
        <div className="rd-r" key={f.field}>
          <span className="f">{f.field}</span>
          <span>
            <code>{value(f.before)}</code>{" "}
            <span className="t3">{f.why === "locked" ? t("kept, because locked") : t("kept, because something newer set it")}</span>
          </span>
        </div>
      ))}
    </div>
  )
}
