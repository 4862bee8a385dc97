import { t } from "../text"
import { FormDialog } from "../ui/FormDialog"
import { Icon } from "../ui/Icon"

const isName = (text: string): boolean => /^[A-Za-z_]\w{0,63}$/.test(text) && !/^(?:true|false|null)$/.test(text)

// nameError says why a name cannot be one; while there is none nothing is said.
export function nameError(name: string, taken: boolean): string | undefined {
  if (name === "") return undefined
  if (!isName(name)) return t("A name is letters, digits and _, and begins with no digit.")
  return taken ? t("This name is taken.") : undefined
}

// NamedForm is the dialog of what a spec names: a constant, an enrichment, its source model.
export function NamedForm({
  title,
  onClose,
  onSave,
  wrong,
  elsewhere = [],
  children,
}: {
  title: string
  onClose: () => void
  onSave: () => void
  wrong: boolean
  elsewhere?: readonly { message: string }[] // what would be wrong at other places, were it done
  children: React.ReactNode
}) {
  const submit = () => {
    if (wrong) return
    onSave()
    onClose()
  }
  return (
    <FormDialog title={title} onClose={onClose} act={t("Done")} onSubmit={submit} busy={false} disabled={wrong} error={null}>
      {children}
      {elsewhere[0] && (
        <p className="st warn wrap" role="status">
          <Icon name="warnf" size={14} />
          {t("{n, plural, one {A step would no longer be right} other {# places would no longer be right}}: {first}", {
            n: elsewhere.length,
            first: elsewhere[0].message,
          })}
        </p>
      )}
    </FormDialog>
  )
}
