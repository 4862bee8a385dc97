import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react"
import { type Detail, Failed } from "../api/client"
import { t } from "../text"
import { Button } from "../ui/Button"
import { FormError } from "../ui/Feedback"
import { count } from "../ui/format"
import { Icon } from "../ui/Icon"
import { useToast } from "../ui/Toast"
import { type Processor, type Spec, useProcessorActions } from "./api"
import { offsetOf } from "./position"

// What an empty spec starts from; it checks, so that the first save can succeed.
const starter = (model: string) => `spec: 1
source_model: ${model}
var: event
instructions:
  - type: upsert_agent_external_identity
    external_id: =event.agent_id
    external_name: =event.agent_name
    return_as: agent
`

const noProblems: Detail[] = []

// SpecEditor is the spec as YAML in a plain editor: line numbers, problems with their places, saving with Ctrl+S.
export function SpecEditor({ processor, spec }: { processor: Processor; spec: Spec }) {
  const saved = spec.version === 0 && spec.text.trim() === "" ? "" : spec.text
  const [text, setText] = useState(saved || starter(processor.source_model))
  const [base, setBase] = useState(saved)
  const { save } = useProcessorActions()
  const toast = useToast()
  const area = useRef<HTMLTextAreaElement>(null)
  const gutter = useRef<HTMLDivElement>(null)
  const leaving = useRef(false)
  const dirty = text !== base

  // A newer saved spec replaces the text, unless somebody is in the middle of changing it.
  const last = useRef(saved)
  useEffect(() => {
    if (saved === last.current) return
    last.current = saved
    if (!dirty) {
      setText(saved)
      setBase(saved)
    }
  }, [saved, dirty])

  useEffect(() => {
    if (!dirty || base === "") return
    const warn = (e: BeforeUnloadEvent) => e.preventDefault()
    addEventListener("beforeunload", warn)
    return () => removeEventListener("beforeunload", warn)
  }, [dirty, base])

  const failed = save.error instanceof Failed ? save.error : undefined
  const problems: Detail[] = failed ? failed.details : dirty ? noProblems : spec.problems
  // What keeps it from being saved comes first.
  const sorted = useMemo(() => problems.toSorted((a, b) => Number(a.severity === "warning") - Number(b.severity === "warning")), [problems])
  const byLine = useMemo(() => {
    const lines = new Map<number, "error" | "warning">()
    for (const p of problems) if (p.line && lines.get(p.line) !== "error") lines.set(p.line, p.severity === "warning" ? "warning" : "error")
    return lines
  }, [problems])

  const submit = () => {
    if (save.isPending) return
    save.mutate(
      { id: processor.id, text },
      {
        onSuccess: (s) => {
          // What is shown next is the formatter's text; it comes with the spec, asked anew.
          setBase(s.new ? text : saved)
          if (!s.new) setText(saved)
          toast.say(s.new ? `Saved as version ${s.version}` : "Nothing changed, so there is no new version")
        },
      },
    )
  }

  const goTo = (p: Detail) => {
    const el = area.current
    if (!el || !p.line) return
    const at = offsetOf(text, p.line, p.column ?? 1)
    el.focus()
    el.setSelectionRange(at, at)
    el.scrollTop = Math.max(0, (p.line - 4) * 18)
  }

  const onKey = (e: KeyboardEvent<HTMLTextAreaElement>) => {
    if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "s") {
      e.preventDefault()
      submit()
    } else if (e.key === "Escape") {
      leaving.current = true // so that the next Tab leaves, for those without a mouse
    } else if (e.key === "Tab" && !leaving.current && !e.shiftKey) {
      e.preventDefault()
      const el = e.currentTarget
      el.setRangeText("  ", el.selectionStart, el.selectionEnd, "end")
      setText(el.value)
    } else if (e.key !== "Tab" && e.key !== "Shift") {
      leaving.current = false
    }
  }

  const lines = text.split("\n").length
  return (
    <div className="editor">
      <div className="editor-h">
        <span className="t2">
          {spec.version === 0 ? "No version saved yet" : `Version ${spec.version}`}
          {dirty && spec.version > 0 && ", changed"}
        </span>
        <span className="push" />
        {dirty && base !== "" && (
          <Button
            size="sm"
            look="ghost"
            onClick={() => {
              const discarded = text
              setText(base)
              save.reset()
              toast.say(t("Changes discarded"), () => setText(discarded))
            }}
          >
            {t("Discard")}
          </Button>
        )}
        <Button size="sm" look="primary" icon="save" busy={save.isPending} disabled={!dirty} onClick={submit} keys="Ctrl S">
          {t("Check and save")}
        </Button>
      </div>
      <div className="editor-b">
        <div className="gutter" ref={gutter} aria-hidden="true">
          {Array.from({ length: lines }, (_, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
            <span key={i} className={byLine.get(i + 1) ?? ""}>
              {i + 1}
            </span>
          ))}
        </div>
        <textarea
          ref={area}
          className="code-area"
          aria-label={t("Spec as YAML")}
          aria-describedby={problems.length > 0 ? "problems" : undefined}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          wrap="off"
          value={text}
          onChange={(e) => setText(e.target.value)}
          onKeyDown={onKey}
          onScroll={(e) => {
            if (gutter.current) gutter.current.scrollTop = e.currentTarget.scrollTop
          }}
        />
      </div>
      {failed && failed.details.length === 0 && <FormError error={failed} />}
      {problems.length > 0 && <Problems problems={sorted} saved={!failed} onOpen={goTo} />}
    </div>
  )
}

function Problems({ problems, saved, onOpen }: { problems: Detail[]; saved: boolean; onOpen: (p: Detail) => void }) {
  const errors = problems.filter((p) => p.severity !== "warning").length
  return (
    <section className="problems" id="problems" aria-label={t("Problems")} aria-live="polite">
      <h2 className="problems-h">
        {saved
          ? `Saved, with ${count(problems.length, "warning")}`
          : `Not saved: ${count(errors, "problem")}${problems.length > errors ? ` and ${count(problems.length - errors, "warning")}` : ""}`}
      </h2>
      <ol>
        {problems.map((p) => (
          <li key={`${p.pointer} ${p.code} ${p.message} ${p.line} ${p.column}`}>
            <button type="button" className="problem" onClick={() => onOpen(p)}>
              <Icon name={p.severity === "warning" ? "warnf" : "fail"} className={p.severity === "warning" ? "c-warn" : "c-bad"} />
              <span className="place num">{p.line ? `${p.line}:${p.column ?? 1}` : (p.pointer ?? "")}</span>
              <span className="grow">
                {p.message} {p.hint && <span className="t2">{p.hint}</span>}
              </span>
              <code className="t3">{p.code}</code>
            </button>
          </li>
        ))}
      </ol>
    </section>
  )
}
