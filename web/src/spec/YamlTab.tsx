import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands"
import { yaml } from "@codemirror/lang-yaml"
import { HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language"
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint"
import { Compartment, EditorState } from "@codemirror/state"
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view"
import { tags } from "@lezer/highlight"
import { useEffect, useRef } from "react"
import type { Detail } from "../api/client"
import { t } from "../text"
import { type Act, keyOf } from "../ui/keys"
import { useSpec, useStore } from "./context"

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--t2)" },
  { tag: [tags.string, tags.content], color: "var(--t1)" },
  { tag: tags.comment, color: "var(--t3)", fontStyle: "italic" },
  { tag: [tags.punctuation, tags.separator], color: "var(--t3)" },
])

const look = EditorView.theme({
  "&": { height: "100%", backgroundColor: "var(--surface)", color: "var(--t1)", fontSize: "12px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "20px", overflow: "auto" },
  ".cm-content": { caretColor: "var(--t1)", padding: "8px 0 40px" },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--t3)", border: "0" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--hover)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--accent-soft) !important" },
  ".cm-cursor": { borderLeftColor: "var(--t1)" },
  ".cm-tooltip": { backgroundColor: "var(--overlay)", border: "1px solid var(--line)", borderRadius: "6px", color: "var(--t1)" },
  ".cm-diagnostic": { fontFamily: "var(--font-sans)", padding: "6px 10px", borderLeft: "3px solid var(--bad-fill)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--warn-fill)" },
})

function diagnosticsOf(state: EditorState, problems: readonly Detail[]): Diagnostic[] {
  return problems
    .filter((p) => p.line && p.line <= state.doc.lines)
    .map((p) => {
      const line = state.doc.line(p.line ?? 1)
      const from = Math.min(line.from + Math.max(0, (p.column ?? 1) - 1), line.to)
      return {
        from,
        to: line.to,
        severity: p.severity === "warning" ? ("warning" as const) : ("error" as const),
        message: [p.message, p.hint].filter(Boolean).join(" "),
      }
    })
}

// What the page is asked for also while YAML is written.
const through: ReadonlySet<Act<"builder">> = new Set(["save", "saveWithNote", "test", "compare", "nextProblem", "lastProblem", "fix"])

// YamlTab is the same spec as text. What reads becomes the spec at once; what does not is kept as it is typed.
export default function YamlTab({ problems }: { problems: readonly Detail[] }) {
  const store = useStore()
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | undefined>(undefined)
  const ours = useRef(false) // the change comes from here
  const spec = useSpec((s) => s.spec)
  const text = useSpec((s) => s.text)
  const typed = useSpec((s) => s.typed)
  const written = useSpec((s) => s.checked?.text)
  const checking = useSpec((s) => s.checking)
  const shown = text ?? (typed?.means === spec ? typed.text : checking ? undefined : written)

  useEffect(() => {
    const el = host.current
    if (!el) return
    // Its styles go into a shadow tree as sheets, since the content policy takes no style elements.
    const root = el.shadowRoot ?? el.attachShadow({ mode: "open" })
    const editable = new Compartment()
    const made = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: "",
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          highlightActiveLine(),
          yaml(),
          indentUnit.of("  "),
          syntaxHighlighting(colours),
          lintGutter(),
          look,
          keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
          editable.of(EditorState.readOnly.of(store.onlyLooks)),
          EditorView.contentAttributes.of({ "aria-label": t("Spec as YAML"), tabindex: "0" }),
          EditorView.updateListener.of((u) => {
            if (u.docChanged && !ours.current) store.write(u.state.doc.toString())
          }),
        ],
      }),
    })
    view.current = made
    // Keys typed here are nobody else's; the page sees the host as the target, not the text.
    const keep = (e: KeyboardEvent) => {
      const does = keyOf("builder", e)
      if (does === undefined || !through.has(does)) e.stopPropagation()
    }
    el.addEventListener("keydown", keep)
    return () => {
      el.removeEventListener("keydown", keep)
      made.destroy()
      store.settle()
      view.current = undefined
    }
  }, [store])

  useEffect(() => {
    const v = view.current
    if (!v || shown === undefined || v.state.doc.toString() === shown) return
    ours.current = true
    v.dispatch({ changes: { from: 0, to: v.state.doc.length, insert: shown } })
    ours.current = false
  }, [shown])

  useEffect(() => {
    const v = view.current
    if (v && !checking) v.dispatch(setDiagnostics(v.state, diagnosticsOf(v.state, problems)))
  }, [problems, checking])

  return <div className="yaml" ref={host} />
}
