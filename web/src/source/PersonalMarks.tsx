import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { live } from "../api/query"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Failure, FormError, fieldError, Skeleton } from "../ui/Feedback"
import { SelectField, TextField } from "../ui/Field"
import { Icon } from "../ui/Icon"
import { useMay } from "../ui/may"
import { Section } from "../ui/Page"
import { useToast } from "../ui/Toast"
import { kindOfMark, type Mark, markKinds, personalQuery, suggestionsQuery, useSetPersonal } from "./personal"

const enough = 20 // deliveries: what they look like is known, and is not asked for again and again
const example = "contact.email"

// PersonalMarks says where customer personal data is in what a source delivers: pseudonyms take its place before anything
// is stored or run.
export function PersonalMarks({ sourceId }: { sourceId: string }) {
  const personal = useQuery(personalQuery(sourceId))
  const seen = useQuery({
    ...suggestionsQuery(sourceId),
    refetchInterval: (q) => ((q.state.data?.deliveries ?? 0) < enough ? live : false),
  })
  const set = useSetPersonal(sourceId)
  const may = useMay("configuration:write")
  const toast = useToast()
  const [path, setPath] = useState("")
  const [kind, setKind] = useState("email")
  if (personal.isPending) return <Skeleton rows={2} />
  if (personal.isError) return <Failure error={personal.error} retry={() => personal.refetch()} />
  const { marks, model } = personal.data
  const suggestions = (seen.data?.suggestions ?? []).filter((s) => !marks.some((m) => m.path === s.path))
  const save = (next: Mark[], said: string) =>
    set.mutate(next, {
      onSuccess: () => {
        setPath("")
        toast.say(said, () => set.mutate(marks))
      },
    })
  const add = (mark: Mark) => save([...marks, mark], t("{path} is a pseudonym from now on", { path: mark.path }))
  return (
    <Section title={t("Personal data of customers")} count={marks.length + model.length}>
      <p className="t2 sec-p">
        {t("What is marked here becomes a pseudonym before anything is stored or run. The same person always has the same one.")}
      </p>
      {[...model.map((m) => ({ ...m, fixed: true })), ...marks.map((m) => ({ ...m, fixed: false }))].map((m) => (
        <div key={`${m.fixed} ${m.path}`} className="mark-row">
          <Icon name="lock" size={14} className="t3" />
          <code className="trunc grow">{m.path}</code>
          <span className="tag">{kindOfMark(m.kind)}</span>
          {m.fixed ? (
            <span className="t3">{t("by its schema")}</span>
          ) : (
            <Button
              needs="configuration:write"
              size="xs"
              look="ghost"
              icon="x"
              label={t("No longer mark {path}", { path: m.path })}
              disabled={set.isPending}
              onClick={() =>
                save(
                  marks.filter((x) => x.path !== m.path),
                  t("{path} is no longer marked", { path: m.path }),
                )
              }
            />
          )}
        </div>
      ))}
      {(set.data?.warnings ?? []).map((w) => (
        <div key={w.path} className="banner warn" role="status">
          <Icon name="warnf" />
          <span>{w.message}</span>
        </div>
      ))}
      {suggestions.length > 0 && (
        <div className="stack-s gap-t">
          <h3>{t("Looks like personal data, and is not marked")}</h3>
          {suggestions.map((s) => (
            <div key={s.path} className="mark-row">
              <Icon name="warnf" size={14} className="c-warn" />
              <code className="trunc">{s.path}</code>
              <span className="t2 grow trunc">{s.why}</span>
              <Button needs="configuration:write" size="xs" disabled={set.isPending} onClick={() => add({ path: s.path, kind: s.kind })}>
                {t("Mark as {kind}", { kind: kindOfMark(s.kind) })}
              </Button>
            </div>
          ))}
        </div>
      )}
      {may && (
        <form
          className="mark-add gap-t"
          onSubmit={(e) => {
            e.preventDefault()
            if (path.trim()) add({ path: path.trim(), kind })
          }}
        >
          <TextField
            label={t("Path")}
            mono
            placeholder={example}
            value={path}
            onChange={setPath}
            error={fieldError(set.error, "marks") ?? fieldError(set.error, "path")}
          />
          <SelectField label={t("What it is")} value={kind} onChange={setKind} options={markKinds} />
          <Button type="submit" busy={set.isPending} disabled={!path.trim()}>
            {t("Mark")}
          </Button>
        </form>
      )}
      <FormError error={set.error} />
    </Section>
  )
}
