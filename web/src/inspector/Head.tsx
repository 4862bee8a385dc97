import { useEffect, useId, useRef, useState } from "react"
import type { InstructionType, Library } from "../library/library"
import { changeStep, type Found, type Instruction, setField } from "../spec/document"
import { renameResult } from "../spec/names"
import type { SpecStore } from "../spec/store"
import { t } from "../text"
import { stepIcon } from "../trace/StepList"
import { Button } from "../ui/Button"
import { DocsLink } from "../ui/DocsLink"
import { Icon } from "../ui/Icon"
import { keyOf } from "../ui/keys"
import { Menu, type MenuEntry } from "../ui/Menu"
import { useToast } from "../ui/Toast"
import { changeType, lost } from "./keep"

interface Props {
  store: SpecStore
  found: Found
  type: InstructionType | undefined
  library: Library
  readOnly: boolean
  noting: boolean // the note is shown, be it empty
  onNoting: (on: boolean) => void
  onClose: (() => void) | undefined
}

// What a step held when it was of another type, until the page is left.
const former = new WeakMap<SpecStore, Map<string, Instruction>>()

// Head has what is the same for every step: its type, its number, the name of its result.
export function Head({ store, found, type, library, readOnly, noting, onNoting, onClose }: Props) {
  const { step } = found
  const toast = useToast()
  const id = useId()
  const note = useRef<HTMLTextAreaElement>(null)

  const retype = (name: string) => {
    const to = library.instruction(name)
    if (!to || name === step.type) return
    const kept = former.get(store) ?? new Map<string, Instruction>()
    former.set(store, kept)
    kept.set(`${step.id} ${step.type}`, step)
    const made = changeType(step, to, library, kept.get(`${step.id} ${name}`))
    const gone = lost(step, made).length
    store.edit(t("Make step {n} {type}", { n: found.number, type: to.title }), (s) => changeStep(s, step.id, () => made))
    if (gone > 0)
      toast.say(
        t("{n, plural, one {# field that {type} does not have is put aside} other {# fields that {type} does not have are put aside}}", {
          n: gone,
          type: to.title,
        }),
        () => store.undo(),
      )
  }
  const entries: MenuEntry[] = [
    { id: "note", label: noting ? t("Take the note away") : t("Write a note"), icon: "note", act: () => (noting ? dropNote() : openNote()) },
    {
      id: "off",
      label: step.disabled ? t("Switch on") : t("Switch off"),
      icon: "offi",
      act: () =>
        store.edit(step.disabled ? t("Switch on step {n}", { n: found.number }) : t("Switch off step {n}", { n: found.number }), (s) =>
          setField(s, step.id, ["disabled"], step.disabled ? undefined : true),
        ),
    },
  ]
  const openNote = () => {
    onNoting(true)
    setTimeout(() => note.current?.focus())
  }
  const dropNote = () => {
    onNoting(false)
    store.edit(t("Take away the note of step {n}", { n: found.number }), (s) => setField(s, step.id, ["note"], undefined))
  }
  return (
    <div className="insp-top">
      <div className="insp-h">
        <Icon name={stepIcon(step.type)} className="t3" />
        <span className="pick type-pick">
          <select
            aria-label={t("Type of step {n}", { n: found.number })}
            value={step.type}
            disabled={readOnly}
            onChange={(e) => retype(e.target.value)}
          >
            {!type && <option value={step.type}>{step.type}</option>}
            {library.groups.map((g) => (
              <optgroup key={g.name} label={g.name}>
                {g.members.map((name) => {
                  const of = library.instruction(name)
                  return (
                    of && (
                      <option key={name} value={name} disabled={of.off !== undefined && name !== step.type}>
                        {of.title}
                      </option>
                    )
                  )
                })}
              </optgroup>
            ))}
          </select>
          <Icon name="down" size={14} />
        </span>
        <span className="t3 fs-12 nowrap">{t("step {n}", { n: found.number })}</span>
        <span className="push" />
        {type && type.return_as !== "none" && (
          <Result key={step.return_as ?? ""} store={store} found={found} required={type.return_as === "required"} readOnly={readOnly} id={id} />
        )}
        {!readOnly && <Menu label={t("More for this step")} entries={entries} />}
        {onClose && <Button size="sm" look="ghost" icon="x" label={t("Close step")} className="only-narrow" onClick={onClose} />}
      </div>
      {type?.off && (
        <div className="banner warn">
          <Icon name="warnf" />
          <span>{type.off}</span>
        </div>
      )}
      {step.disabled && (
        <div className="banner">
          <Icon name="offi" />
          <span className="grow">{t("Switched off: it is kept, not checked and not run.")}</span>
          {!readOnly && (
            <Button
              size="xs"
              onClick={() => store.edit(t("Switch on step {n}", { n: found.number }), (s) => setField(s, step.id, ["disabled"], undefined))}
            >
              {t("Switch on")}
            </Button>
          )}
        </div>
      )}
      {type && (
        <div className="r insp-doc">
          <p className="t2 trunc grow" title={type.help}>
            {type.help}
          </p>
          <DocsLink page={type.block ? "blocks" : "operations"} place={type.name} of={type.title} />
        </div>
      )}
      {noting && (
        <textarea
          ref={note}
          data-head="note"
          className="input note-in"
          rows={2}
          aria-label={t("Note of this step")}
          placeholder={t("Why it is done so, for whoever reads this after you")}
          readOnly={readOnly}
          value={step.note ?? ""}
          onChange={(e) =>
            store.edit(
              t("Change the note of step {n}", { n: found.number }),
              (s) => setField(s, step.id, ["note"], e.target.value === "" ? undefined : e.target.value),
              {
                merge: `note ${step.id}`,
              },
            )
          }
          onBlur={(e) => e.target.value.trim() === "" && onNoting(false)}
        />
      )}
    </div>
  )
}

// Result is the name under which later steps read what this one gives. It is renamed with everything that reads it.
function Result({ store, found, required, readOnly, id }: { store: SpecStore; found: Found; required: boolean; readOnly: boolean; id: string }) {
  const { step } = found
  const [typed, setTyped] = useState(step.return_as ?? "")
  const [wrong, setWrong] = useState(false)
  const field = useRef<HTMLInputElement>(null)

  useEffect(() => {
    const listen = (e: KeyboardEvent) => {
      if (keyOf("steps", e) !== "rename" || e.defaultPrevented) return
      e.preventDefault()
      field.current?.focus()
      field.current?.select()
    }
    document.addEventListener("keydown", listen)
    return () => document.removeEventListener("keydown", listen)
  }, [])

  const settle = () => {
    const name = typed.trim()
    if (name === (step.return_as ?? "")) return setWrong(false)
    if ((name !== "" && !/^[A-Za-z_]\w{0,63}$/.test(name)) || (required && name === "")) return setWrong(true)
    setWrong(false)
    store.edit(t("Name the result of step {n}", { n: found.number }), (s) => renameResult(s, step.id, name))
  }
  return (
    <>
      <label className="fs-12 t3" htmlFor={`${id}-result`}>
        {t("result")}
      </label>
      <input
        ref={field}
        id={`${id}-result`}
        data-head="return_as"
        className={`input input-sm mono result-in ${wrong ? "is-error" : ""}`}
        aria-keyshortcuts="F2"
        aria-invalid={wrong || undefined}
        title={wrong ? t("A name has letters, digits and _, and begins with a letter") : t("The name that later steps read it by (F2)")}
        placeholder={required ? t("needed") : t("no name")}
        readOnly={readOnly}
        spellCheck={false}
        autoComplete="off"
        value={typed}
        onChange={(e) => setTyped(e.target.value)}
        onKeyDown={(e) => {
          const does = keyOf("field", e)
          if (does === "take") settle()
          else if (does === "leave") setTyped(step.return_as ?? "")
        }}
        onBlur={settle}
      />
    </>
  )
}
