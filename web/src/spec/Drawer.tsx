import { useEffect, useMemo, useRef, useState } from "react"
import type { Detail } from "../api/client"
import { t } from "../text"
import { Button } from "../ui/Button"
import { DocsLink } from "../ui/DocsLink"
import { Icon } from "../ui/Icon"
import { OutcomeMark } from "../ui/Outcomes"
import { Tabs } from "../ui/Tabs"
import { useSpec, useStore } from "./context"
import { type Spec, stepAt, stepsById } from "./document"
import { fixesOf, fixOf, mended, ofAKind } from "./fixes"
import { RunChanges } from "./RunChanges"
import { isQuiet } from "./store"

export type DrawerTab = "problems" | "changes"

const none: Detail[] = []

// useProblems are what is wrong; what a step that was just added still lacks is not.
export function useProblems(): Detail[] {
  const problems = useSpec((s) => s.checked?.problems ?? none)
  const spec = useSpec((s) => s.spec)
  const fresh = useSpec((s) => s.fresh)
  return useMemo(() => (fresh.size === 0 ? problems : problems.filter((p) => !isQuiet({ spec, fresh }, p))), [problems, spec, fresh])
}

// Drawer lies below the list: what is wrong, what the chosen entry would write.
export function Drawer({
  tab,
  onTab,
  onOpen,
}: {
  tab: DrawerTab | undefined
  onTab: (tab: DrawerTab | undefined) => void
  onOpen: (p: Detail) => void
}) {
  const problems = useProblems()
  const errors = problems.filter((p) => p.severity !== "warning").length
  const run = useSpec((s) => s.run)
  const things = run?.things ?? []
  const count = (outcome: string) => things.filter((x) => x.outcome === outcome).length
  return (
    <section className={`drawer ${tab ? "" : "is-shut"}`} aria-label={t("Problems and record changes")}>
      <div className="sub">
        <Tabs
          label={t("Below the steps")}
          value={tab ?? ("" as DrawerTab)}
          onChange={(id) => onTab(id)}
          tabs={[
            {
              id: "problems",
              label: (
                <>
                  {t("Problems")} <span className={`count ${errors > 0 ? "is-bad" : ""}`}>{problems.length}</span>
                </>
              ),
            },
            {
              id: "changes",
              label: (
                <>
                  {t("Record changes")}
                  {run && (
                    <span className="ocs">
                      <OutcomeMark is="new">{count("created")}</OutcomeMark>
                      <OutcomeMark is="changed">{count("changed")}</OutcomeMark>
                      <OutcomeMark is="same">{count("untouched") + count("held_back")}</OutcomeMark>
                    </span>
                  )}
                </>
              ),
            },
          ]}
        />
        <span className="push" />
        {problems.length > 0 && (
          <>
            <span className="t3 fs-12 only-l">{t("Next problem")}</span>
            <kbd className="kbd">F8</kbd>
          </>
        )}
        <Button
          size="xs"
          look="ghost"
          icon={tab ? "down" : "up"}
          label={tab ? t("Close the drawer") : t("Open the drawer")}
          aria-expanded={tab !== undefined}
          onClick={() => onTab(tab ? undefined : "problems")}
        />
      </div>
      {tab === "problems" && <ProblemList problems={problems} onOpen={onOpen} />}
      {tab === "changes" && <RunChanges />}
    </section>
  )
}

const keyOfProblem = (p: Detail): string => `${p.pointer} ${p.code} ${p.message}`

function ProblemList({ problems, onOpen }: { problems: Detail[]; onOpen: (p: Detail) => void }) {
  const store = useStore()
  const checking = useSpec((s) => s.checking)
  const spec = useSpec((s) => s.spec)
  const [at, setAt] = useState(0)
  const [wish, setWish] = useState<{ of: string; title: string | undefined; spec: Spec }>() // pressed while the check ran
  const all = useSpec((s) => s.checked?.problems.length ?? 0)
  // mend makes a fix by its title, or all of its kind. What stands there while the check runs is of what stood there before:
  // it is made as soon as the check is done, where it is still there.
  const mend = (p: Detail, title: string | undefined) => {
    if (store.get().checking) return setWish({ of: keyOfProblem(p), title, spec: store.get().spec })
    const made = fixesOf(p).filter((f) => f.title === title)
    const all = title === undefined ? (ofAKind(problems).get(p.code) ?? []) : made
    if (all.length === 0) return
    store.edit(title ?? t("Mend {n} problems", { n: all.length }), (s) => all.reduce(mended, s))
    onOpen(p) // this button goes with the problem
  }
  const latest = useRef(mend)
  latest.current = mend
  useEffect(() => {
    if (checking || !wish) return
    setWish(undefined)
    const p = problems.find((one) => keyOfProblem(one) === wish.of)
    if (p && wish.spec === spec) latest.current(p, wish.title)
  }, [checking, wish, problems, spec])
  if (problems.length === 0)
    return (
      <p className="pad-s t2">
        {checking ? t("Checking…") : all > 0 ? t("Nothing wrong so far. The new step is still to be filled in.") : t("No problems. It can be saved.")}
      </p>
    )
  const kinds = ofAKind(problems)
  const sorted = problems.toSorted((a, b) => Number(a.severity === "warning") - Number(b.severity === "warning"))
  return (
    <ol className={`probs ${checking ? "is-old" : ""}`} aria-label={t("Problems")}>
      {sorted.map((p, i) => {
        const id = p.instruction_id ?? stepAt(spec, p.pointer ?? "")?.step.id
        const number = id && stepsById(spec).get(id)?.number
        const fixes = fixesOf(p)
        const all = sorted.find((one) => one.code === p.code && fixOf(one)) === p ? (kinds.get(p.code) ?? []) : []
        return (
          <li key={keyOfProblem(p)} className={`prob ${i === at ? "is-cur" : ""}`}>
            <Icon name={p.severity === "warning" ? "warnf" : "fail"} className={p.severity === "warning" ? "c-warn" : "c-bad"} />
            <button
              type="button"
              className="prob-b"
              onClick={() => {
                setAt(i)
                onOpen(p)
              }}
            >
              <span className="medium">{p.message}</span> <code className="t3 fs-12">{p.code}</code>
              <span className="t2 prob-p">
                {[number ? t("Step {n}", { n: number }) : p.line ? t("Line {n}", { n: p.line }) : "", p.hint].filter(Boolean).join(" · ")}
              </span>
            </button>
            {fixes.length > 0 && !store.readOnly && (
              <span className="prob-fix">
                {fixes.map((fix, n) => (
                  <Button key={fix.title} size="xs" look="fix" {...(n === 0 && { icon: "bolt" as const })} onClick={() => mend(p, fix.title)}>
                    {fix.title}
                  </Button>
                ))}
                {all.length > 0 && (
                  <Button
                    size="xs"
                    look="fix"
                    icon="bolt"
                    title={t("Mend every problem {code} that has a quick fix, as one step", { code: p.code })}
                    onClick={() => mend(p, undefined)}
                  >
                    {t("Fix all {n}", { n: all.length })}
                  </Button>
                )}
              </span>
            )}
            {p.code && <DocsLink page="problems" place={p.code} of={p.code} />}
          </li>
        )
      })}
    </ol>
  )
}
