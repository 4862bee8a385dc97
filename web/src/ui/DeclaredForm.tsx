import { t } from "../text"
import { fieldError } from "./Feedback"
import { TextField } from "./Field"

// A field as the server declares it.
export interface Declared {
  name: string
  title: string
  help: string
  required: boolean
  secret: boolean
  harmless: boolean // another value of it asks for no secret anew
}

interface Props {
  fields: readonly Declared[]
  values: Record<string, string>
  onChange: (values: Record<string, string>) => void
  error: unknown // of the last answer
  still?: boolean // on a page, where no field takes the focus
}

// What everything has, whatever its type: a name.
const named = (f: Declared): Declared =>
  f.name === "name" ? { ...f, title: t("Name"), help: t("As you and your colleagues will recognise it.") } : f

// DeclaredForm draws the fields that a type declares. It knows none of them by name, but for the name itself.
export function DeclaredForm({ fields, values, onChange, error, still = false }: Props) {
  return (
    <>
      {fields.map(named).map((f, i) => (
        <TextField
          key={f.name}
          label={f.title}
          required={f.required}
          autoFocus={i === 0 && !still}
          type={f.secret ? "password" : "text"}
          autoComplete="off"
          value={values[f.name] ?? ""}
          onChange={(value) => onChange({ ...values, [f.name]: value })}
          hint={f.secret ? `${f.help} ${t("It is stored sealed and never shown again.")}`.trim() : f.help}
          error={fieldError(error, f.name)}
        />
      ))}
    </>
  )
}
