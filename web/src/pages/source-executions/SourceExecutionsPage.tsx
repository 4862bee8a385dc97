import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { live } from "../../api/query"
import { type CallFilters, callsQuery } from "../../call/api"
import { CallDetail } from "../../call/CallDetail"
import { CallTable, entrance } from "../../call/CallTable"
import { providersQuery } from "../../provider/api"
import { allSourcesQuery } from "../../source/api"
import { t } from "../../text"
import { number } from "../../ui/format"
import { FilterPick, ListBody, Pager, perPage, useFilters } from "../../ui/list"
import { Page } from "../../ui/Page"
import { Sheet } from "../../ui/Sheet"

export default function SourceExecutionsPage() {
  const { filters, set, clear } = useFilters()
  const page = Number(filters.page ?? 1)
  const { provider_id, source_id, status } = filters
  const query = useQuery({
    ...callsQuery({ provider_id, source_id, status: status as CallFilters["status"], page, per_page: perPage }),
    placeholderData: keepPreviousData,
    refetchInterval: page === 1 ? live : false,
  })
  const providers = useQuery(providersQuery())
  const sources = useQuery(allSourcesQuery)
  const open = query.data?.rows.find((c) => c.id === filters.call)
  const total = query.data?.meta.total
  return (
    <Page title={t("Source executions")} note={total !== undefined && number(total)}>
      <div className="filters">
        <FilterPick
          label={t("status")}
          value={status ?? ""}
          options={[
            { value: "succeeded", label: t("succeeded") },
            { value: "failed", label: t("failed") },
          ]}
          onChange={(s) => set({ status: s })}
        />
        <FilterPick
          label={t("provider")}
          value={provider_id ?? ""}
          options={(providers.data?.rows ?? []).map((p) => ({ value: p.id, label: p.name }))}
          onChange={(p) => set({ provider_id: p })}
        />
        <FilterPick
          label={t("source")}
          value={source_id ?? ""}
          options={(sources.data?.rows ?? []).map((s) => ({ value: s.id, label: s.name }))}
          onChange={(s) => set({ source_id: s })}
        />
      </div>
      <div className={filters.call ? "split" : "whole"}>
        <div className="lst">
          <ListBody
            query={query}
            filtered={Boolean(provider_id || source_id || status)}
            clear={clear}
            icon="inbox"
            noun={t("source executions")}
            empty={{
              title: t("Nothing has come in yet"),
              text: t("Each call to a webhook URL or a source stands here with its answer, refused ones too."),
            }}
          >
            {(rows) => <CallTable rows={rows} withProvider selected={filters.call} onOpen={(c) => set({ call: c.id, page: filters.page })} />}
          </ListBody>
        </div>
        {filters.call && (
          <Sheet
            title={open ? entrance(open) : t("Call")}
            sub={<code>{filters.call}</code>}
            onClose={() => set({ call: undefined, page: filters.page })}
          >
            <CallDetail id={filters.call} />
          </Sheet>
        )}
      </div>
      <Pager
        meta={query.data?.meta}
        rows={query.data?.rows.length ?? 0}
        page={page}
        onPage={(p) => set({ page: String(p) })}
        noun={t("source executions")}
      />
    </Page>
  )
}
