import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { api, type Of, thing } from "../api/client"
import { t } from "../text"
import { Empty, Failure, Skeleton } from "../ui/Feedback"
import { number } from "../ui/format"
import { Moment } from "../ui/Moment"

type Cause = Of<"ErrorCause">

const causesQuery = (query: Record<string, string>) => ({
  queryKey: ["executions", "causes", query],
  queryFn: async ({ signal }: { signal: AbortSignal }) =>
    (await thing(api.GET("/v1/executions/causes", { params: { query: query as never }, signal }))) as unknown as {
      causes: Cause[]
      looked: number
      all: boolean
    },
  refetchInterval: 15_000,
})

// Causes are the executions of the list that have errors, by what went wrong and where; each leads to its executions.
export function Causes({ query }: { query: Record<string, string> }) {
  const causes = useQuery(causesQuery(query))
  if (causes.isPending) return <Skeleton />
  if (causes.isError) return <Failure error={causes.error} retry={() => causes.refetch()} />
  if (causes.data.causes.length === 0)
    return (
      <Empty icon="ok" title={t("Nothing failed")}>
        {t("No execution of this list has an error.")}
      </Empty>
    )
  return (
    <>
      <table className="tbl" aria-label={t("Errors by cause")}>
        <thead>
          <tr>
            <th scope="col" className="n">
              {t("Executions")}
            </th>
            <th scope="col">{t("What went wrong")}</th>
            <th scope="col" className="from-sm">
              {t("Step")}
            </th>
            <th scope="col" className="from-sm">
              {t("Processor")}
            </th>
            <th scope="col" className="from-md">
              {t("Since")}
            </th>
            <th scope="col">{t("Last")}</th>
          </tr>
        </thead>
        <tbody>
          {causes.data.causes.map((c) => (
            <tr key={`${c.processor_id} ${c.error_code} ${c.instruction} ${c.field}`}>
              <td className="n">{number(String(c.count))}</td>
              <td className="clip">
                <Link
                  className="row-link"
                  to="/executions"
                  search={
                    {
                      ...query,
                      processor_id: c.processor_id,
                      error_code: c.error_code,
                      ...(c.instruction && { instruction: c.instruction }),
                    } as never
                  }
                >
                  {c.message}
                </Link>
              </td>
              <td className="from-sm">
                <code>{[c.instruction, c.field].filter(Boolean).join(" · ")}</code>
              </td>
              <td className="from-sm">{c.processor_name}</td>
              <td className="from-md">
                <Moment at={c.first_at} />
              </td>
              <td>
                <Link className="row-link" to={`/executions/${c.newest_execution_id}`}>
                  <Moment at={c.last_at} />
                </Link>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {!causes.data.all && <p className="list-foot">{t("Of the newest {n} with errors.", { n: number(String(causes.data.looked)) })}</p>}
    </>
  )
}
