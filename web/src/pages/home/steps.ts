// The six steps from nothing to records, and which of them are done. They are seen by what is there, not by what was clicked.
import type { Processor } from "../../processor/api"
import type { Provider } from "../../provider/api"
import type { Source } from "../../source/api"
import { t } from "../../text"

export interface There {
  providers: Pick<Provider, "id">[]
  sources: Pick<Source, "id" | "provider_id" | "processors">[]
  processors: Pick<Processor, "id" | "version" | "state" | "sources">[]
}

export interface Step {
  title: string
  text: string
  done: boolean
  act: string // what its button says
  to: string
  search?: Record<string, string>
}

export function steps({ providers, sources, processors }: There): Step[] {
  const provider = providers[0]
  const source = sources.find((s) => s.processors === 0) ?? sources[0]
  const processor = processors[0]
  const atSource = source && { to: `/providers/${source.provider_id}`, search: { source: source.id } }
  const atProvider = { to: provider ? `/providers/${provider.id}` : "/providers" }
  const atProcessor = { to: processor ? `/processors/${processor.id}` : "/processors" }
  return [
    {
      title: t("Create a provider"),
      text: t("Which system do the deals, calls or orders come from?"),
      done: providers.length > 0,
      act: t("New provider"),
      to: "/providers",
      search: { new: "type" },
    },
    {
      title: t("Add a source"),
      text: t("What to fetch and how often, or the address to paste there."),
      done: sources.length > 0,
      act: t("New source"),
      ...atProvider,
      search: { source: "new" },
    },
    {
      title: t("Create a processor"),
      text: t("A name for the rules that turn one record into sales data."),
      done: processors.length > 0,
      act: t("New processor"),
      to: "/processors",
      search: { new: "1" },
    },
    {
      title: t("Link the two"),
      text: t("Every record the source delivers then runs the processor."),
      done: processors.some((p) => p.sources > 0),
      act: t("Open the source"),
      ...(atSource ?? atProvider),
    },
    {
      title: t("Build the spec"),
      text: t("Who is it, what happened, how much was it."),
      done: processors.some((p) => p.version > 0),
      act: t("Edit spec"),
      to: processor ? `/processors/${processor.id}/spec` : "/processors",
    },
    {
      title: t("Test, then enable"),
      text: t("See the records it would write. Switch it on when they are right."),
      done: processors.some((p) => p.state === "enabled" && p.sources > 0),
      act: t("Open the processor"),
      ...atProcessor,
    },
  ]
}
