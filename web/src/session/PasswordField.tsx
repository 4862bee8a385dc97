import { type InputHTMLAttributes, type ReactNode, useState } from "react"
import { t } from "../text"
import { Field } from "../ui/Field"
import { Icon } from "../ui/Icon"

interface Props extends Omit<InputHTMLAttributes<HTMLInputElement>, "onChange" | "value"> {
  label?: string
  optional?: boolean
  value: string
  onChange: (value: string) => void
  hint?: ReactNode
  error?: string | undefined
}

export function PasswordField({ label = t("Password"), optional = false, value, onChange, hint, error, ...rest }: Props) {
  const [shown, setShown] = useState(false)
  return (
    <Field label={label} required={!optional} hint={hint} error={error}>
      {({ id, describedBy, invalid }) => (
        <span className={`input ${invalid ? "is-error" : ""}`}>
          <input
            {...rest}
            id={id}
            required={!optional}
            className="bare"
            type={shown ? "text" : "password"}
            value={value}
            onChange={(e) => onChange(e.target.value)}
            aria-describedby={describedBy}
            aria-invalid={invalid}
          />
          <button type="button" className="t3" aria-label={t("Show password")} aria-pressed={shown} onClick={() => setShown(!shown)}>
            <Icon name="eye" />
          </button>
        </span>
      )}
    </Field>
  )
}
