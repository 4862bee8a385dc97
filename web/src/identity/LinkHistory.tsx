import { useQuery } from "@tanstack/react-query"
import { MadeBy } from "../record/MadeBy"
import { t } from "../text"
import { Failure } from "../ui/Feedback"
import { Moment } from "../ui/Moment"
import { type LinkChange, linkHistoryQuery } from "./api"

function did(c: LinkChange): string {
  const names = { from: c.from?.name ?? "", to: c.to?.name ?? "" }
  switch (c.did) {
    case "linked":
      return t("Linked to {to}", names)
    case "unlinked":
      return t("Unlinked from {from}", names)
    case "moved":
      return t("Moved from {from} to {to}", names)
    case "ignored":
      return t("Ignored")
    case "unignored":
      return t("No longer ignored")
    default:
      return t("Changed by a delivery")
  }
}

// LinkHistory is who linked, unlinked or ignored an identity, and when.
export function LinkHistory({ id }: { id: string }) {
  const history = useQuery(linkHistoryQuery(id))
  if (history.isError) return <Failure error={history.error} retry={() => history.refetch()} title={t("Could not load its history")} />
  const rows = history.data?.rows ?? []
  if (rows.length === 0) return null
  return (
    <section className="stack">
      <h3>{t("History")}</h3>
      <ol className="link-history">
        {rows.map((c) => (
          <li key={c.id} className="r r-wrap">
            <span>{did(c)}</span>
            <span className="t3">
              <Moment at={c.at} as="full" />
            </span>
            <MadeBy maker={c.made_by} name={c.by} />
          </li>
        ))}
      </ol>
    </section>
  )
}
