import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { Link, useNavigate } from "@tanstack/react-router"
import { useState } from "react"
import { live, soon } from "../../api/query"
import { type CallFilters, callsQuery } from "../../call/api"
import { CallDetail } from "../../call/CallDetail"
import { CallTable, entrance } from "../../call/CallTable"
import { type Provider, providersQuery } from "../../provider/api"
import { KeyList } from "../../provider/KeyList"
import { RenewKey } from "../../provider/RenewKey"
import { WebhookUrls } from "../../provider/WebhookUrls"
import { allSourcesQuery, type Source } from "../../source/api"
import { t } from "../../text"
import { Button } from "../../ui/Button"
import { CopyText } from "../../ui/Copy"
import { Empty, Failure, Skeleton } from "../../ui/Feedback"
import { Icon } from "../../ui/Icon"
import { FilterPick, ListBody, Pager, useFilters } from "../../ui/list"
import { Page, Section } from "../../ui/Page"
import { Sheet } from "../../ui/Sheet"

const perPage = 20

// How often calls that were turned away are counted again, in milliseconds.
const slow = 10_000

// WebhooksPage is every URL that others call, with the keys that open them, and every call that was made.
export default function WebhooksPage() {
  const { filters, set, clear } = useFilters()
  const page = Number(filters.page ?? 1)
  const { provider_id, status } = filters
  const providers = useQuery({ ...providersQuery(), refetchInterval: slow })
  const sources = useQuery(allSourcesQuery)
  const calls = useQuery({
    ...callsQuery({ provider_id, status: status as CallFilters["status"], page, per_page: perPage }),
    placeholderData: keepPreviousData,
    refetchInterval: (q) => (page !== 1 ? false : q.state.data?.rows.length ? live : soon),
  })
  const navigate = useNavigate()
  const [renew, setRenew] = useState<Provider | undefined>()
  const shown = (providers.data?.rows ?? []).filter((p) => !provider_id || p.id === provider_id)
  const call = calls.data?.rows.find((c) => c.id === filters.call)
  return (
    <Page title={t("Webhooks")}>
      <div className={filters.call ? "split" : "whole"}>
        <div className="scroll pad">
          <p className="t2 sec-p">
            {t("Paste a URL where the other system makes its calls, with the key of its provider in the header “Authorization: Bearer”.")}
          </p>
          {providers.isPending ? (
            <Skeleton rows={4} />
          ) : providers.isError ? (
            <Failure error={providers.error} retry={() => providers.refetch()} />
          ) : shown.length === 0 ? (
            <div className="box">
              <Empty
                icon="hook"
                title={t("No webhook yet")}
                action={
                  <Button needs="configuration:write" onClick={() => navigate({ to: "/providers", search: { new: "type" } as never })}>
                    {t("New provider")}
                  </Button>
                }
              >
                {t("Each provider has a URL per record kind, and one per source. Create a provider to get them.")}
              </Empty>
            </div>
          ) : (
            shown.map((p) => (
              <OfProvider
                key={p.id}
                provider={p}
                sources={(sources.data?.rows ?? []).filter((s) => s.provider_id === p.id)}
                onRenew={() => setRenew(p)}
              />
            ))
          )}
          <Section title={t("Every call")} count={calls.data?.meta.total}>
            <div className="r r-wrap sec-p">
              <FilterPick
                label={t("provider")}
                value={provider_id ?? ""}
                options={(providers.data?.rows ?? []).map((p) => ({ value: p.id, label: p.name }))}
                onChange={(id) => set({ provider_id: id })}
              />
              <FilterPick
                label={t("answer")}
                value={status ?? ""}
                options={[
                  { value: "succeeded", label: t("taken") },
                  { value: "failed", label: t("refused") },
                ]}
                onChange={(s) => set({ status: s })}
              />
            </div>
            <div className="stack-s">{shown.map((p) => p.refused_calls > 0 && <Strangers key={p.id} provider={p} />)}</div>
            <div className="box">
              <ListBody
                query={calls}
                filtered={Boolean(provider_id || status)}
                clear={clear}
                icon="inbox"
                noun={t("calls received")}
                empty={{ title: t("No call yet"), text: t("Each call to one of these URLs stands here with its answer, refused ones too.") }}
              >
                {(rows) => <CallTable rows={rows} withProvider selected={filters.call} onOpen={(c) => set({ call: c.id, page: filters.page })} />}
              </ListBody>
            </div>
            <Pager
              meta={calls.data?.meta}
              rows={calls.data?.rows.length ?? 0}
              page={page}
              onPage={(p) => set({ page: String(p) })}
              noun={t("calls received")}
            />
          </Section>
        </div>
        {filters.call && (
          <Sheet
            title={call ? entrance(call) : t("Webhook call")}
            sub={<code>{filters.call}</code>}
            onClose={() => set({ call: undefined, page: filters.page })}
          >
            <CallDetail id={filters.call} />
          </Sheet>
        )}
      </div>
      {renew && <RenewKey id={renew.id} name={renew.name} open onClose={() => setRenew(undefined)} />}
    </Page>
  )
}

function Strangers({ provider: p }: { provider: Provider }) {
  return (
    <div className="banner warn">
      <Icon name="warnf" />
      <span>
        {t(
          "{name}: {n, plural, one {# call} other {# calls}} turned away at the door in the last 24 hours, for want of the right key for the most part. The first of each kind are in the list below.",
          {
            name: p.name,
            n: p.refused_calls,
          },
        )}
      </span>
    </div>
  )
}

function OfProvider({ provider: p, sources, onRenew }: { provider: Provider; sources: Source[]; onRenew: () => void }) {
  return (
    <Section
      title={p.name}
      action={
        <>
          <Link className="btn btn-sm btn-ghost" to={`/providers/${p.id}`}>
            {t("Open provider")}
          </Link>
          <Button needs="configuration:write" size="sm" icon="key" aria-label={t("New key for {name}", { name: p.name })} onClick={onRenew}>
            {t("New key")}
          </Button>
        </>
      }
    >
      <WebhookUrls urls={p.webhook_urls} />
      {sources.length > 0 && (
        <dl className="urls">
          {sources.map((s) => (
            <div key={s.id}>
              <dt className="trunc">
                <Link to={`/providers/${p.id}`} search={{ source: s.id } as never}>
                  {s.name}
                </Link>
              </dt>
              <dd>
                <CopyText text={s.url} label={t("the URL of {name}", { name: s.name })} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      <KeyList keys={p.keys} />
    </Section>
  )
}
