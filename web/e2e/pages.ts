import type { BrowserContext } from "playwright-core"
import { entityKinds } from "../src/entity/kinds"
import { kinds } from "../src/record/kinds"
import { data, send } from "./browser"

interface Named {
  id: string
  name: string
}

// everyPage is a name and an address for each page there is, with things of the server under test.
export async function everyPage(context: BrowserContext): Promise<[string, string][]> {
  const providers = await data<Named[]>(context, "/v1/providers")
  const sources = await data<(Named & { provider_id: string })[]>(context, "/v1/sources")
  const processors = await data<Named[]>(context, "/v1/processors")
  const executions = await data<{ id: string; delivery_id: string; processor_id: string }[]>(context, "/v1/executions?per_page=100")
  const refused = await data<{ id: string }[]>(context, "/v1/source-executions?status=failed")
  const sales = await data<{ id: string; cancelled_at: string | null }[]>(context, "/v1/sales?per_page=100")
  const agents = await data<Named[]>(context, "/v1/agents")
  const [metric = await send<Named>(context, "POST", "/v1/metrics", { name: "Deals", definition: { aggregate: "count", source: "activity" } })] =
    await data<Named[]>(context, "/v1/metrics")
  const [identity] = await data<{ id: string }[]>(context, "/v1/identities?per_page=1")
  const sale = sales.find((s) => s.cancelled_at) ?? sales[0]
  const source = sources[0]
  const [undone] = await data<{ id: string }[]>(context, "/v1/executions?changed=true&kind=live&per_page=1")
  // What it wrote is taken back, and put back, so that all stays as it was.
  const undo = undone && (await send<{ id: string | null }>(context, "POST", `/v1/executions/${undone.id}/undo`, {}))
  if (undone && undo?.id) await send(context, "POST", `/v1/executions/${undone.id}/redo`, {})
  const [unusual] = await data<{ id: string }[]>(context, "/v1/executions?errors=true&per_page=1")
  const pages: [string, string | undefined][] = [
    ["home", "/"],
    ["providers", "/providers"],
    ["provider", providers[0] && `/providers/${providers[0].id}`],
    ["source", source && `/providers/${source.provider_id}?source=${source.id}`],
    ["processors", "/processors"],
    ["processor", processors[0] && `/processors/${processors[0].id}`],
    ["builder", processors[0] && `/processors/${processors[0].id}/spec`],
    ["builder-step", processors[0] && `/processors/${processors[0].id}/spec?step=s1`],
    ["builder-yaml", processors[0] && `/processors/${processors[0].id}/spec?tab=yaml`],
    ["builder-tests", processors[0] && `/processors/${processors[0].id}/spec?tab=tests`],
    ["builder-coverage", processors[0] && `/processors/${processors[0].id}/spec?tab=coverage`],
    ["builder-history", processors[0] && `/processors/${processors[0].id}/spec?tab=history`],
    ["processor-sources", processors[0] && `/processors/${processors[0].id}?tab=sources`],
    ["processor-versions", processors[0] && `/processors/${processors[0].id}?tab=versions&version=1`],
    ["compare", processors[0] && `/processors/${processors[0].id}/compare`],
    ["executions", "/executions"],
    ["dry-run", executions[0] && `/executions/dry?processor=${executions[0].processor_id}&delivery=${executions[0].delivery_id}&with=live`],
    ["trace", executions[0] && `/executions/${executions[0].id}`],
    ["trace-failed", unusual && `/executions/${unusual.id}`],
    ["source-executions", "/source-executions"],
    ["call", refused[0] && `/source-executions?status=failed&call=${refused[0].id}`],
    ["deliveries", "/deliveries"],
    ["delivery", executions[0] && `/deliveries/${executions[0].delivery_id}`],
    ["identities", "/identities"],
    ["record", sale && `/records/sales/${sale.id}`],
    ["why", sale && `/records/sales/${sale.id}/why`],
    ["identity-why", identity && `/identities/${identity.id}/why`],
    ["why-not", "/why?kind=sale&external_id=never-seen"],
    ...[...entityKinds, ...kinds].map((k): [string, string] => [k.path, `/${k.path}`]),
    ["journal", "/journal"],
    ["metrics", "/metrics"],
    ["metric", `/metrics/${metric.id}`],
    ["events", "/events"],
    ["causes", "/executions?by=cause"],
    ["settings", "/settings"],
    ["users", "/settings/users"],
    ["user-new", "/settings/users?new=1"],
    ["api-keys", "/settings/api-keys"],
    ["account", "/account"],
    ["webhooks", "/hooks"],
    ["provider-type", "/providers?new=type"],
    ["source-new", providers[0] && `/providers/${providers[0].id}?source=new`],
    ["undo", undo?.id ? `/undos/${undo.id}` : undefined],
    ["agent", agents[0] && `/agents/${agents[0].id}`],
  ]
  return pages.filter((p): p is [string, string] => p[1] !== undefined)
}
