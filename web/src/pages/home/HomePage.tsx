import { useQuery } from "@tanstack/react-query"
import { processorsQuery } from "../../processor/api"
import { providersQuery } from "../../provider/api"
import { allSourcesQuery } from "../../source/api"
import { t } from "../../text"
import { Failure, Skeleton } from "../../ui/Feedback"
import { Page } from "../../ui/Page"
import { FirstRun } from "./FirstRun"
import { Overview } from "./Overview"

// HomePage leads whoever has nothing that runs yet through the six steps, and shows the others how things go.
export default function HomePage() {
  const providers = useQuery(providersQuery())
  const sources = useQuery(allSourcesQuery)
  const processors = useQuery(processorsQuery())
  const failed = [providers, sources, processors].find((q) => q.isError && !q.data)
  if (failed) {
    return (
      <Page title={t("Home")}>
        <Failure error={failed.error} retry={() => failed.refetch()} />
      </Page>
    )
  }
  if (!providers.data || !sources.data || !processors.data) return <Skeleton />
  const state = { providers: providers.data.rows, sources: sources.data.rows, processors: processors.data.rows }
  return state.processors.some((p) => p.state !== "disabled" && p.sources > 0) ? <Overview /> : <FirstRun {...state} />
}
