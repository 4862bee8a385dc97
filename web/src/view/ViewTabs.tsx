import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useState } from "react"
import { queryOf } from "../list/filters"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Dialog } from "../ui/Dialog"
import { FormError } from "../ui/Feedback"
import { Switch, TextField } from "../ui/Field"
import { useMay } from "../ui/may"
import { useToast } from "../ui/Toast"
import { useDeleteView, useSaveView, viewsQuery } from "./api"

export interface Preset {
  label: string
  search: Record<string, string> // what makes it this one
}

interface Props {
  list: string
  presets: Preset[]
  now: Record<string, string>
  keep?: Record<string, string>
}

// ViewTabs are the filters of a list that have a name: those that every list of its kind has, and those somebody kept.
// Where they keep filters, these stay from one to the next of those that every list has.
export function ViewTabs({ list, presets, now, keep = {} }: Props) {
  const views = useQuery(viewsQuery(list))
  const [saving, setSaving] = useState(false)
  const drop = useDeleteView(list)
  const toast = useToast()
  const save = useSaveView(list)
  const current = queryOf(now)
  const all = [
    ...presets.map((p) => ({ key: p.label, name: p.label, query: queryOf(p.search), to: queryOf({ ...keep, ...p.search }), view: undefined })),
    ...(views.data ?? []).map((v) => ({ key: v.id, name: v.name, query: v.search, to: v.search, view: v })),
  ]
  const open = all.find((v) => v.query === current)
  return (
    <>
      <nav className="tabs" aria-label={t("Views")}>
        {all.map((v) => (
          <Link
            key={v.key}
            to="."
            search={Object.fromEntries(new URLSearchParams(v.to)) as never}
            activeOptions={{ exact: true, includeSearch: true }}
            activeProps={{}}
            aria-current={v === open ? "page" : undefined}
            title={v.view ? (v.view.shared ? t("Everybody of the company sees it") : t("Only you see it")) : undefined}
          >
            {v.name}
          </Link>
        ))}
      </nav>
      {!open && <Button size="sm" look="ghost" icon="plus" label={t("Save these filters as a view")} onClick={() => setSaving(true)} />}
      {open?.view?.mine && (
        <Button
          size="sm"
          look="ghost"
          icon="trash"
          label={t("Delete the view {name}", { name: open.name })}
          onClick={() =>
            open.view &&
            drop.mutate(open.view.id, {
              onSuccess: () => {
                const v = open.view
                if (v)
                  toast.say(t("The view {name} was deleted.", { name: v.name }), () =>
                    save.mutate({ name: v.name, search: v.search, shared: v.shared }),
                  )
              },
              onError: (e) => toast.fail(t("The view was not deleted"), e),
            })
          }
        />
      )}
      {saving && <SaveView list={list} search={current} onClose={() => setSaving(false)} />}
    </>
  )
}

function SaveView({ list, search, onClose }: { list: string; search: string; onClose: () => void }) {
  const [name, setName] = useState("")
  const [shared, setShared] = useState(false)
  const save = useSaveView(list)
  const mayShare = useMay("processors:run")
  return (
    <Dialog title={t("Save these filters as a view")} open onClose={onClose}>
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault()
          save.mutate({ name, search, shared }, { onSuccess: onClose })
        }}
      >
        <TextField label={t("Name")} value={name} onChange={setName} required maxLength={80} autoFocus />
        {mayShare && (
          <Switch
            label={t("Share it")}
            hint={shared ? t("Everybody of the company sees it") : t("Only you see it")}
            checked={shared}
            onChange={setShared}
          />
        )}
        <FormError error={save.error} />
        <div className="dialog-f">
          <Button look="ghost" onClick={onClose}>
            {t("Cancel")}
          </Button>
          <Button look="primary" type="submit" busy={save.isPending} disabled={name.trim() === ""}>
            {t("Save view")}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
