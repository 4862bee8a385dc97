import { useState } from "react"
import { type Constant, type ConstantValue, parse, toText } from "../constant/value"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Field } from "../ui/Field"
import { Status } from "../ui/Status"
import type { Link } from "./api"

interface Props {
  link: Link
  constants: Constant[] // what the processor's spec declares
  busy: boolean
  title: React.ReactNode
  onSave: (values: Record<string, ConstantValue>) => void
  onUnlink: () => void
}

// LinkEditor is one processor of a source with the values its constants have there.
export function LinkEditor({ link, constants, busy, title, onSave, onUnlink }: Props) {
  const [texts, setTexts] = useState<Record<string, string>>({})
  const text = (c: Constant) => texts[c.name] ?? toText(link.constants[c.name])
  const parsed = constants.map((c) => ({ c, got: parse(c.type, text(c)) }))
  const dirty = constants.some((c) => texts[c.name] !== undefined && texts[c.name] !== toText(link.constants[c.name]))
  const wrong = parsed.some((p) => "error" in p.got)

  const save = () => {
    const values: Record<string, ConstantValue> = {}
    for (const { c, got } of parsed) if ("value" in got) values[c.name] = got.value
    onSave(values)
  }

  return (
    <div className="link">
      <div className="link-h">
        {title}
        {link.link === "incomplete" && <Status is="incomplete">{t("incomplete")}</Status>}
        <span className="push" />
        <Button
          needs="configuration:write"
          size="xs"
          look="ghost"
          icon="x"
          label={t("Unlink {name}", { name: link.processor_name })}
          disabled={busy}
          onClick={onUnlink}
        />
      </div>
      {constants.length > 0 && (
        <form
          className="cons"
          onSubmit={(e) => {
            e.preventDefault()
            if (!wrong) save()
          }}
        >
          {parsed.map(({ c, got }) => (
            <Field
              key={c.name}
              label={c.name}
              required={c.required}
              error={"error" in got ? got.error : c.required && "absent" in got ? t("Has no default, so a value is needed here.") : undefined}
              hint={
                <>
                  {c.type}
                  {!c.required && t(", default {value}", { value: toText(c.default).replaceAll("\n", ", ") })}
                  {c.type.startsWith("table") && t(", one “key = value” a line")}
                </>
              }
            >
              {({ id, describedBy, invalid }) =>
                c.type.startsWith("table") ? (
                  <textarea
                    id={id}
                    className="input mono"
                    rows={4}
                    value={text(c)}
                    placeholder={toText(c.default)}
                    aria-describedby={describedBy}
                    aria-invalid={invalid}
                    onChange={(e) => setTexts({ ...texts, [c.name]: e.target.value })}
                  />
                ) : (
                  <input
                    id={id}
                    className={`input ${invalid ? "is-error" : ""}`}
                    value={text(c)}
                    placeholder={toText(c.default)}
                    aria-describedby={describedBy}
                    aria-invalid={invalid}
                    onChange={(e) => setTexts({ ...texts, [c.name]: e.target.value })}
                  />
                )
              }
            </Field>
          ))}
          {dirty && (
            <div className="r">
              <Button look="primary" size="sm" type="submit" busy={busy} disabled={wrong}>
                {t("Save values")}
              </Button>
              <Button look="ghost" size="sm" onClick={() => setTexts({})}>
                {t("Discard")}
              </Button>
            </div>
          )}
        </form>
      )}
    </div>
  )
}
