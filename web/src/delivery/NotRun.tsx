import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { t } from "../text"
import { number } from "../ui/format"
import { deliveriesQuery } from "./api"

// NotRun says how many deliveries came in at the sources of a processor before it ran on them, and leads there; nothing where
// there are none.
export function NotRun({ processor }: { processor: string }) {
  const waits = useQuery(deliveriesQuery({ not_run_by: processor, per_page: 1 }))
  if (!waits.data?.rows.length) return null
  const n = waits.data.meta.total ?? null
  return (
    <Link to="/deliveries" search={{ not_run_by: processor } as never}>
      {n === null
        ? t("Deliveries that came in before have not run")
        : t("{of, plural, one {{n} delivery that came in before has not run} other {{n} deliveries that came in before have not run}}", {
            of: n,
            n: number(String(n)),
          })}
    </Link>
  )
}
