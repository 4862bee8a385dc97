import { useMutation } from "@tanstack/react-query"
import { useEffect, useState } from "react"
import { Failed } from "../api/client"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Empty, FormError } from "../ui/Feedback"
import { keyOf } from "../ui/keys"
import { Moment } from "../ui/Moment"
import { Status } from "../ui/Status"
import { useToast } from "../ui/Toast"
import { expectedTest, runTests } from "./api"
import { useSpec, useStore } from "./context"
import type { Spec, TestDef } from "./document"
import type { SpecStore } from "./store"
import { TestFrom } from "./TestFrom"
import { TestSides } from "./TestSides"

// alone is a spec with one test in it and nothing else, so that the server reads its YAML.
const alone = (model: string, yaml: string): string =>
  `spec: 1\nsource_model: ${model}\ninstructions: []\ntests:\n${yaml.replace(/^/gm, "  ").trimEnd()}\n`

const blank = `- name: ${t("a new test")}\n  given: {}\n  expect: {outcome: succeeded}\n`

// What the last run said, for whoever comes back to the tab.
const lasts = new WeakMap<SpecStore, { runs: Awaited<ReturnType<typeof runTests>>; at: string }>()

// TestsTab has the tests of the spec: what goes in and what must come out, run on what stands here now.
export default function TestsTab({ processor }: { processor: string }) {
  const store = useStore()
  const toast = useToast()
  const spec = useSpec((s) => s.spec)
  const tests = spec.tests ?? []
  const [open, setOpen] = useState<{ at: number; text: string; error?: unknown } | undefined>()
  const [from, setFrom] = useState(false)
  const run = useMutation({
    mutationFn: (of: Spec) => runTests(processor, of),
    onSuccess: (runs) => lasts.set(store, { runs, at: new Date().toISOString() }),
  })
  const last = lasts.get(store)
  const { mutate } = run
  // They run when they are looked at, and again a moment after each change.
  useEffect(() => {
    if (!spec.tests?.length) return
    const timer = setTimeout(() => mutate(spec), 400)
    return () => clearTimeout(timer)
  }, [spec, mutate])
  const results = last?.runs.tests
  const passed = results?.filter((r) => r.passed).length ?? 0
  const take = useMutation({ mutationFn: (name: string) => expectedTest(processor, store.get().spec, name) })
  const expectNow = (at: number, name: string) =>
    take.mutate(name, {
      onSuccess: (made) => {
        put(t("Change test {name}", { name }), (all) => all.map((x, i) => (i === at ? (made.tree as unknown as TestDef) : x)))
        toast.say(t("{name} expects what comes of it now", { name }), () => store.undo())
      },
    })

  const put = (label: string, change: (tests: TestDef[]) => TestDef[]) =>
    store.edit(label, (s) => {
      const made = change(s.tests ?? [])
      const { tests: _were, ...rest } = s
      return (made.length > 0 ? { ...s, tests: made } : rest) as Spec
    })

  const keep = async () => {
    if (!open) return
    const read = await store.read(alone(spec.source_model, open.text))
    const made = read?.tests?.[0]
    if (!made) {
      setOpen({ ...open, error: new Failed(422, "SYNTAX", t("This is not the YAML of a test. It begins with “- name:”, then given and expect.")) })
      return
    }
    put(open.at < tests.length ? t("Change test {name}", { name: made.name }) : t("Add test {name}", { name: made.name }), (all) =>
      open.at < all.length ? all.map((x, i) => (i === open.at ? made : x)) : [...all, made],
    )
    setOpen(undefined)
  }

  return (
    <div className="spts">
      <div className="r">
        <span className="grow" role="status">
          {results && tests.length > 0 && (
            <Status is={passed === results.length ? "succeeded" : "failed"}>{t("{passed} of {n} pass", { passed, n: results.length })}</Status>
          )}
          {last && tests.length > 0 && (
            <span className="t3 fs-12 gap-l">
              <Moment at={last.at} />
            </span>
          )}
        </span>
        <Button size="sm" icon="play" busy={run.isPending} disabled={tests.length === 0} onClick={() => mutate(spec)}>
          {t("Run all")}
        </Button>
        {!store.readOnly && (
          <>
            <Button size="sm" icon="runs" onClick={() => setFrom(true)}>
              {t("Add from the Trace Schema…")}
            </Button>
            <Button size="sm" icon="plus" onClick={() => setOpen({ at: tests.length, text: blank })}>
              {t("Add test")}
            </Button>
          </>
        )}
      </div>
      <FormError error={run.error ?? take.error} />
      {tests.length === 0 && !open && (
        <Empty icon="flask" title={t("No test yet")}>
          {t("A test is what comes in and what must be written. It needs no server and no records, and says at every change whether it still holds.")}
        </Empty>
      )}
      {tests.map((test, i) => {
        const result = results?.find((r) => r.name === test.name)
        return (
          <article key={test.name} className="spt" aria-label={test.name}>
            <div className="r">
              {result ? (
                <Status is={result.passed ? "succeeded" : "failed"}>{result.passed ? t("passes") : t("fails")}</Status>
              ) : (
                <Status is="waiting">{t("not run")}</Status>
              )}
              <span className="medium grow">{test.name}</span>
              {!store.readOnly && open?.at !== i && (
                <>
                  {result && !result.passed && (
                    <Button size="xs" busy={take.isPending && take.variables === test.name} onClick={() => expectNow(i, test.name)}>
                      {t("Expect what comes now")}
                    </Button>
                  )}
                  <Button size="xs" look="ghost" disabled={!result} onClick={() => result && setOpen({ at: i, text: result.text })}>
                    {t("Edit")}
                  </Button>
                  <Button
                    size="xs"
                    look="ghost"
                    icon="trash"
                    label={t("Delete test {name}", { name: test.name })}
                    onClick={() => {
                      put(t("Delete test {name}", { name: test.name }), (all) => all.filter((_, k) => k !== i))
                      toast.say(t("Deleted test {name}", { name: test.name }), () => store.undo())
                    }}
                  />
                </>
              )}
            </div>
            {(result?.differences ?? []).map((d) => (
              <p key={d} className="c-bad fs-12 wrap">
                {d}
              </p>
            ))}
            {result && result.sides.length > 0 && <TestSides name={test.name} sides={result.sides} />}
            {open?.at === i && <Editor open={open} onText={(text) => setOpen({ at: i, text })} onKeep={keep} onClose={() => setOpen(undefined)} />}
          </article>
        )
      })}
      {open && open.at >= tests.length && (
        <article className="spt" aria-label={t("New test")}>
          <Editor open={open} onText={(text) => setOpen({ at: open.at, text })} onKeep={keep} onClose={() => setOpen(undefined)} />
        </article>
      )}
      {from && (
        <TestFrom
          processor={processor}
          onClose={() => setFrom(false)}
          onMade={(made) => put(t("Add test {name}", { name: made.name }), (all) => [...all, made])}
        />
      )}
    </div>
  )
}

function Editor({
  open,
  onText,
  onKeep,
  onClose,
}: {
  open: { text: string; error?: unknown }
  onText: (text: string) => void
  onKeep: () => void
  onClose: () => void
}) {
  return (
    <>
      <textarea
        className="input"
        aria-label={t("Test as YAML")}
        autoFocus
        spellCheck={false}
        wrap="off"
        value={open.text}
        onChange={(e) => onText(e.target.value)}
        onKeyDown={(e) => {
          const does = keyOf("field", e)
          if (does === "leave") onClose()
          if (does === "done") {
            e.preventDefault()
            e.stopPropagation()
            onKeep()
          }
        }}
      />
      <FormError error={open.error} />
      <div className="r">
        <Button size="sm" look="primary" onClick={onKeep}>
          {t("Done")}
        </Button>
        <Button size="sm" look="ghost" onClick={onClose}>
          {t("Cancel")}
        </Button>
      </div>
    </>
  )
}
