import type { QueryClient } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { type Link as Linked, linksOfProcessor } from "../link/api"
import { allSourcesQuery } from "../source/api"
import { t } from "../text"
import type { Processor } from "./api"

// Lacking is a link whose deliveries wait, as the version that is live has constants without a value there.
export interface Lacking {
  source: string
  name: string
  provider: string
  constants: string
}

export const lackingOf = (links: Linked[], providerOf: (source: string) => string): Lacking[] =>
  links
    .filter((l) => l.link === "incomplete")
    .map((l) => ({
      source: l.source_id,
      name: l.source_name,
      provider: providerOf(l.source_id),
      constants: l.missing.map((m) => (m.field ?? "").replace(/^constants\./, "")).join(", "),
    }))

// lackingNow asks which links lack values under the version that has just become live.
export async function lackingNow(queries: QueryClient, p: Processor): Promise<Lacking[]> {
  const links = await queries.fetchQuery({ ...linksOfProcessor(p.id), staleTime: 0 }).catch(() => [])
  if (!links.some((l) => l.link === "incomplete")) return []
  const sources = await queries.fetchQuery({ ...allSourcesQuery, staleTime: 60_000 }).catch(() => undefined)
  return lackingOf(links, (id) => sources?.rows.find((s) => s.id === id)?.provider_id ?? p.provider_id)
}

interface Props {
  text: string
  untried?: boolean // for want of time
  lacking: Lacking[]
}

// LiveNow says what became of a version that was saved: that nothing was tried with it, and which deliveries wait.
export function LiveNow({ text, untried = false, lacking }: Props) {
  const first = lacking[0]
  return (
    <>
      {text}
      {(untried || first) && "."}
      {untried && ` ${t("It was not tried on earlier deliveries first: there was not enough time.")}`}
      {first && (
        <>
          {" "}
          {t("Deliveries of {source} wait: {constants} has no value that it can use there.", { source: first.name, constants: first.constants })}{" "}
          {lacking.length > 1 && `${t("{n, plural, one {# more link lacks} other {# more links lack}} values.", { n: lacking.length - 1 })} `}
          <Link to={`/providers/${first.provider}`} search={{ source: first.source } as never}>
            {t("Fill it in")}
          </Link>
        </>
      )}
    </>
  )
}
