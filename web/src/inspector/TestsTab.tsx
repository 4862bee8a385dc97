import { useQuery } from "@tanstack/react-query"
import { api, thing } from "../api/client"
import type { Spec, TestDef } from "../spec/document"
import { t } from "../text"
import type { Step } from "../trace/api"
import { Failure, Skeleton } from "../ui/Feedback"
import { Icon } from "../ui/Icon"
import { stepsNamed } from "./reached"

// How many tests are run for this; those after them are not looked at.
const most = 50

interface Reached {
  name: string
  times: number // that the step ran
  failed: boolean
  unknown?: string // why it could not be told
}

// TestsTab are the tests of the spec that come by a step: each is run dry, on its own item.
export function TestsTab({ processor, spec, id }: { processor: string; spec: Spec; id: string }) {
  const tests = (spec.tests ?? []).slice(0, most)
  const asked = useQuery({
    queryKey: ["processor", processor, "reached", spec],
    queryFn: async ({ signal }) => {
      const found: { name: string; steps: Map<string, Step[]>; unknown?: string }[] = []
      for (const test of tests) found.push(await tried(processor, spec, test, signal))
      return found
    },
    enabled: tests.length > 0,
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  })
  if (tests.length === 0)
    return (
      <div className="insp-b">
        <p className="t2">{t("This spec has no tests yet. Any execution can be made one: it then tells whenever a change breaks it.")}</p>
      </div>
    )
  if (asked.error) return <Failure error={asked.error} retry={() => asked.refetch()} />
  if (!asked.data) return <Skeleton rows={4} />
  const all: Reached[] = asked.data.map((r) => {
    const ran = (r.steps.get(id) ?? []).filter((s) => s.state === "ran" || s.state === "failed")
    return { name: r.name, times: ran.length, failed: ran.some((s) => s.state === "failed"), ...(r.unknown !== undefined && { unknown: r.unknown }) }
  })
  const here = all.filter((r) => r.times > 0)
  const unknown = all.filter((r) => r.unknown !== undefined)
  return (
    <div className="insp-b">
      <p className="t2">
        {here.length === 0
          ? t("None of {n, plural, one {# test} other {# tests}} comes by this step.", { n: all.length })
          : t("{here} of {n, plural, one {# test} other {# tests}} come by this step.", { here: here.length, n: all.length })}
      </p>
      {here.length > 0 && (
        <ul className="plain-l">
          {here.map((r) => (
            <li key={r.name}>
              <span className={`st ${r.failed ? "bad" : "ok"}`}>
                <Icon name={r.failed ? "fail" : "ok"} />
              </span>
              <span className="grow wrap">{r.name}</span>
              <span className="t3 nowrap">
                {r.failed ? t("fails here") : r.times > 1 ? t("{n, plural, one {# time} other {# times}}", { n: r.times }) : t("ran")}
              </span>
            </li>
          ))}
        </ul>
      )}
      {unknown.map((r) => (
        <p key={r.name} className="t3">
          {r.name}: {r.unknown}
        </p>
      ))}
      {(spec.tests?.length ?? 0) > most && <p className="t3">{t("Only the first {n} tests were looked at.", { n: most })}</p>}
    </div>
  )
}

async function tried(
  processor: string,
  spec: Spec,
  test: TestDef,
  signal: AbortSignal,
): Promise<{ name: string; steps: Map<string, Step[]>; unknown?: string }> {
  const item = Array.isArray(test.given) ? test.given.at(-1) : test.given
  try {
    const run = (await thing(
      api.POST("/v1/processors/{id}/dry-run", {
        params: { path: { id: processor } },
        body: { spec, item, ...(test.constants !== undefined && { constants: test.constants }) } as never,
        signal,
      }),
    )) as unknown as { trace: { steps: Step[] } | null }
    return { name: test.name, steps: stepsNamed(run.trace?.steps ?? []) }
  } catch (e) {
    if (signal.aborted) throw e
    return { name: test.name, steps: new Map(), unknown: (e as Error).message }
  }
}
