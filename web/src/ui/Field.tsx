import { type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes, useId } from "react"
import { t } from "../text"
import { Icon } from "./Icon"

interface FrameProps {
  label: string
  required?: boolean | undefined
  hint?: ReactNode
  error?: string | undefined
  children: (ids: { id: string; describedBy: string | undefined; invalid: true | undefined }) => ReactNode
}

// Field: label above, hint or error below in the same place.
export function Field({ label, required, hint, error, children }: FrameProps) {
  const id = useId()
  const note = `${id}-note`
  return (
    <div className="field">
      <label className="lab" htmlFor={id}>
        {label}
        {required && (
          <span className="req">
            <span aria-hidden="true">*</span>
            <span className="vh">{t("required")}</span>
          </span>
        )}
      </label>
      {children({ id, describedBy: error || hint ? note : undefined, invalid: error ? true : undefined })}
      {error ? (
        <span className="err" id={note}>
          <Icon name="fail" size={14} />
          {error}
        </span>
      ) : (
        hint && (
          <span className="hint" id={note}>
            {hint}
          </span>
        )
      )}
    </div>
  )
}

interface TextProps extends Omit<InputHTMLAttributes<HTMLInputElement>, "onChange" | "value"> {
  label: string
  hint?: ReactNode
  error?: string | undefined
  value: string
  onChange: (value: string) => void
  mono?: boolean
}

export function TextField({ label, hint, error, value, onChange, required, mono, ...rest }: TextProps) {
  return (
    <Field label={label} hint={hint} error={error} required={required}>
      {({ id, describedBy, invalid }) => (
        <input
          {...rest}
          id={id}
          required={required}
          className={`input ${mono ? "mono" : ""} ${invalid ? "is-error" : ""}`}
          value={value}
          onChange={(e) => onChange(e.target.value)}
          aria-describedby={describedBy}
          aria-invalid={invalid}
        />
      )}
    </Field>
  )
}

interface SelectProps extends Omit<SelectHTMLAttributes<HTMLSelectElement>, "onChange" | "value"> {
  label: string
  hint?: ReactNode
  error?: string | undefined
  value: string
  onChange: (value: string) => void
  options: readonly { value: string; label: string }[]
}

export function SelectField({ label, hint, error, value, onChange, options, required, ...rest }: SelectProps) {
  return (
    <Field label={label} hint={hint} error={error} required={required}>
      {({ id, describedBy, invalid }) => (
        <span className="pick">
          <select
            {...rest}
            id={id}
            className="input"
            value={value}
            onChange={(e) => onChange(e.target.value)}
            aria-describedby={describedBy}
            aria-invalid={invalid}
          >
            {options.map((o) => (
              <option key={o.value} value={o.value}>
                {o.label}
              </option>
            ))}
          </select>
          <Icon name="down" />
        </span>
      )}
    </Field>
  )
}

export function Switch({
  label,
  hint,
  checked,
  onChange,
  disabled,
}: {
  label: string
  hint?: ReactNode
  checked: boolean
  onChange: (on: boolean) => void
  disabled?: boolean
}) {
  const id = useId()
  return (
    <div className="switch-row">
      <button
        type="button"
        role="switch"
        aria-checked={checked}
        aria-labelledby={`${id}-l`}
        aria-describedby={hint ? `${id}-h` : undefined}
        className={`switch ${checked ? "on" : ""}`}
        disabled={disabled}
        onClick={() => onChange(!checked)}
      />
      <div>
        <div id={`${id}-l`} className="medium">
          {label}
        </div>
        {hint && (
          <div id={`${id}-h`} className="hint">
            {hint}
          </div>
        )}
      </div>
    </div>
  )
}
