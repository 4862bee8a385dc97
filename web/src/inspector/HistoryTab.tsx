import { useQuery } from "@tanstack/react-query"
import type { InstructionType } from "../library/library"
import { t } from "../text"
import { Failure, Skeleton } from "../ui/Feedback"
import { Moment } from "../ui/Moment"
import { type Changed, historyQuery, looked } from "./api"

// HistoryTab are the versions that changed a step, with what was different.
export function HistoryTab({ processor, id, base, type }: { processor: string; id: string; base: number; type: InstructionType | undefined }) {
  const asked = useQuery(historyQuery(processor, id, base))
  if (asked.error) return <Failure error={asked.error} retry={() => asked.refetch()} />
  if (!asked.data) return <Skeleton rows={4} />
  const { found, all } = asked.data
  return (
    <div className="insp-b">
      {found.length === 0 && (
        <p className="t2">
          {base === 0 ? t("This spec was never saved, so there is no history yet.") : t("No saved version has this step: it is new in the draft.")}
        </p>
      )}
      {found.map((c) => (
        <section key={c.version} className="stack-s">
          <div className="r">
            <b className="strong">{t("Version {n}", { n: c.version })}</b>
            <span className="tag">{kindWord(c.kind)}</span>
            <span className="t3 push">
              {c.by} <Moment at={c.at} as="ago" />
            </span>
          </div>
          {c.note && <p className="t2">{c.note}</p>}
          {c.fields.map((f) => (
            <div key={f.field} className="rd-r">
              <span className="f wrap">{titleOf(f.field, type)}</span>
              <span className="wrap">
                {f.before && (
                  <del className="was">
                    <code>{f.before}</code>
                  </del>
                )}{" "}
                {f.after && (
                  <ins className="now">
                    <code>{f.after}</code>
                  </ins>
                )}
                {!f.after && <span className="t3">{t("taken out")}</span>}
              </span>
            </div>
          ))}
        </section>
      ))}
      {!all && <p className="t3">{t("Of the last {n, plural, one {version} other {# versions}}.", { n: looked })}</p>}
    </div>
  )
}

function kindWord(kind: Changed["kind"]): string {
  switch (kind) {
    case "added":
      return t("added")
    case "removed":
      return t("removed")
    case "moved":
      return t("moved")
    case "changed":
      return t("changed")
  }
}

// titleOf is what the form calls a field; fields of other types keep the name they have in specs.
function titleOf(path: string, type: InstructionType | undefined): string {
  const [name, inner] = path.split(".")
  const field = type?.fields.find((f) => f.name === name)
  if (!inner) return field?.title ?? path
  return field?.fields?.find((f) => f.name === inner)?.title ?? path
}
