import { useQuery } from "@tanstack/react-query"
import { useParams } from "@tanstack/react-router"
import { RouteMissing } from "../../app/RouteFailure"
import { FieldValue } from "../../record/FieldValue"
import { fieldName } from "../../record/fields"
import { kinds } from "../../record/kinds"
import { t } from "../../text"
import { Failure, Skeleton } from "../../ui/Feedback"
import { Icon } from "../../ui/Icon"
import { useFilters } from "../../ui/list"
import { Lead, Page } from "../../ui/Page"
import { word } from "../../ui/words"
import { nounOf, whyNot } from "../../why/addresses"
import { type Explained, type WhyField, whyQuery } from "../../why/api"
import { Chain } from "../../why/Chain"
import { To } from "../../why/To"

// WhyPage tells where each field of a record, or of an external identity, comes from.
export default function WhyPage() {
  const { kind = "identities", id } = useParams({ strict: false }) as { kind?: string; id: string }
  const path = kind === "identities" ? "identities" : kinds.find((k) => k.path === kind)?.path
  return path ? <One key={id} path={path} id={id} /> : <RouteMissing />
}

// sentence says the whole answer in one line, as far as it can be said in one.
function sentence(f: WhyField): string {
  const name = fieldName(f.field)
  const from = f.set_by?.sources.map((s) => s.path).join(", ")
  if (!f.set_by) return t("Nobody has set {field}", { field: name })
  if (!from) return f.set_by.execution ? t("{field} was set by the spec itself", { field: name }) : t("{field} came with a call", { field: name })
  return t("{field} comes from {paths}", { field: name, paths: from })
}

function One({ path, id }: { path: Explained; id: string }) {
  const query = useQuery(whyQuery(path, id))
  const { filters, set } = useFilters()
  if (query.isPending) return <Skeleton label={t("Reading the traces")} />
  if (query.isError) return <Failure error={query.error} retry={() => query.refetch()} title={t("Could not tell where it comes from")} />
  const why = query.data
  const kind = kinds.find((k) => k.path === path)
  const field = why.fields.find((f) => f.field === filters.field) ?? why.fields.find((f) => f.set_by) ?? why.fields[0]
  const { kind: noun } = nounOf(why.noun)
  const isMoney = why.fields.some((f) => f.field === "value_is_money" && f.value === true)
  return (
    <Page
      title={t("Why {id}", { id: why.external_id })}
      crumbs={
        kind
          ? [
              { label: kind.title, to: `/${kind.path}` },
              { label: why.external_id, to: `/records/${kind.path}/${id}` },
            ]
          : [{ label: t("External identities"), to: "/identities" }]
      }
      note={<span className="from-sm t3">{word(noun)}</span>}
      actions={
        <To className="btn btn-sm" address={whyNot(noun, why.external_id, { provider_id: why.provider_id })}>
          <Icon name="envelope" />
          <span>{t("Deliveries with this id")}</span>
        </To>
      }
    >
      <div className="why-page">
        <nav className="why-fields" aria-label={t("Fields")}>
          {why.fields.map((f) => (
            <button
              type="button"
              key={f.field}
              className={`why-field ${f === field ? "is-sel" : ""}`}
              aria-current={f === field || undefined}
              onClick={() => set({ field: f.field }, true)}
            >
              <span className="t3 trunc">{fieldName(f.field)}</span>
              <span className="trunc">
                <FieldValue field={f.field} of={f.value} isMoney={isMoney} bare />
              </span>
            </button>
          ))}
        </nav>
        <div className="scroll why-body" tabIndex={0} role="group" aria-label={t("Where it comes from")}>
          {field && (
            <>
              <Lead title={sentence(field)}>
                {field.changed
                  ? t("It was changed {n, plural, one {once} other {# times}} since it was made.", { n: field.before.length })
                  : field.set_by && t("It has held this since it was made.")}
              </Lead>
              <Chain key={field.field} field={field} isMoney={isMoney} />
              {why.looked && why.looked.calls > 0 && (
                <p className="t3 fs-12">
                  {why.looked.all
                    ? t("For writes that left fields alone, {n, plural, one {the one call was} other {all # calls were}} looked at.", {
                        n: why.looked.calls,
                      })
                    : t("For writes that left fields alone, the newest {n, plural, one {call was} other {# calls were}} looked at.", {
                        n: why.looked.calls,
                      })}
                </p>
              )}
            </>
          )}
        </div>
      </div>
    </Page>
  )
}
