import { useQuery } from "@tanstack/react-query"
import { Link, useNavigate, useParams } from "@tanstack/react-router"
import { useState } from "react"
import { live } from "../../api/query"
import { callsQuery } from "../../call/api"
import { CallDetail } from "../../call/CallDetail"
import { CallTable, entrance } from "../../call/CallTable"
import { dependentsQuery, providerQuery, providerTypesQuery, useProviderActions } from "../../provider/api"
import { KeyList } from "../../provider/KeyList"
import { Connection } from "../../provider/NewProvider"
import { Paused } from "../../provider/Paused"
import { ProviderTile } from "../../provider/ProviderType"
import { RenewKey } from "../../provider/RenewKey"
import { SettingsForm } from "../../provider/SettingsForm"
import { WebhookUrls } from "../../provider/WebhookUrls"
import { type Source, sourcesQuery } from "../../source/api"
import { DeleteSource } from "../../source/DeleteSource"
import { NewSource } from "../../source/NewSource"
import { SourceTable } from "../../source/SourceTable"
import { t, tr } from "../../text"
import { Button } from "../../ui/Button"
import { DeleteWithDependents } from "../../ui/DeleteWithDependents"
import { Empty, Failure, fieldError, Skeleton } from "../../ui/Feedback"
import { Icon } from "../../ui/Icon"
import { ListBody, useFilters } from "../../ui/list"
import { Menu } from "../../ui/Menu"
import { Moment } from "../../ui/Moment"
import { NameForm } from "../../ui/NameForm"
import { Page, Section } from "../../ui/Page"
import { Sheet } from "../../ui/Sheet"
import { useToast } from "../../ui/Toast"
import { heading } from "../../ui/words"
import { SourceSheet } from "./SourceSheet"

export default function ProviderPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const { filters, set } = useFilters()
  const provider = useQuery(providerQuery(id))
  const sources = useQuery(sourcesQuery(id))
  const calls = useQuery({ ...callsQuery({ provider_id: id, per_page: 25 }), refetchInterval: live })
  const actions = useProviderActions()
  const navigate = useNavigate()
  const toast = useToast()
  const [open, setOpen] = useState<"key" | "delete" | undefined>()
  const close = () => setOpen(undefined)
  const [removing, setRemoving] = useState<Source | undefined>()
  const types = useQuery(providerTypesQuery)
  const addSource = () => set({ source: "new", call: undefined })

  if (provider.isPending) return <Skeleton />
  if (provider.isError) return <Failure error={provider.error} retry={() => provider.refetch()} list="/providers" />
  const p = provider.data
  const type = types.data?.find((x) => x.name === p.type)
  const call = filters.call ? calls.data?.rows.find((c) => c.id === filters.call) : undefined

  return (
    <Page
      title={p.name}
      crumbs={[{ label: t("Providers"), to: "/providers" }]}
      actions={
        <>
          <Button
            needs="configuration:write"
            size="sm"
            icon="plug"
            className="from-sm"
            busy={actions.test.isPending}
            onClick={() => actions.test.mutate({ provider_id: id }, { onError: (e) => toast.fail(t("Not tried out"), e) })}
          >
            {t("Test connection")}
          </Button>
          <Menu
            label={t("Actions for {name}", { name: p.name })}
            entries={[
              { id: "key", label: t("Make a new key"), icon: "key", act: () => setOpen("key") },
              { id: "delete", label: t("Delete provider"), icon: "trash", danger: true, act: () => setOpen("delete") },
            ]}
          />
        </>
      }
    >
      <div className={filters.source || filters.call ? "split" : "whole"}>
        <div className="scroll pad">
          <div className="who">
            <ProviderTile type={p.type} large />
            <div className="grow">
              <p className="lead-t trunc">{p.name}</p>
              <p className="t2">
                {tr("{type}, since <when></when>", { type: heading(p.type), when: () => <Moment key="when" at={p.created_at} /> })}
              </p>
            </div>
          </div>
          <div className="narrow">
            <NameForm
              label={t("Name")}
              name={p.name}
              needs="configuration:write"
              busy={actions.rename.isPending}
              error={fieldError(actions.rename.error, "name") ?? actions.rename.error?.message}
              onSave={(name) =>
                actions.rename.mutate(
                  { id, name },
                  { onSuccess: () => toast.say(t("Renamed to {name}", { name }), () => actions.rename.mutate({ id, name: p.name })) },
                )
              }
            />
          </div>
          <Connection test={actions.test} />
          <Paused pause={p.pause} />
          {type && type.fields.length > 1 && (
            <Section title={t("Settings")}>
              <SettingsForm key={p.id} provider={p} type={type} />
            </Section>
          )}
          <Section
            title={t("Sources")}
            count={sources.data?.rows.length}
            action={
              <Button needs="configuration:write" size="sm" icon="plus" onClick={addSource}>
                {t("New source")}
              </Button>
            }
          >
            {sources.isPending ? (
              <Skeleton rows={2} />
            ) : sources.isError ? (
              <Failure error={sources.error} retry={() => sources.refetch()} />
            ) : sources.data.rows.length > 0 ? (
              <SourceTable
                rows={sources.data.rows}
                selected={filters.source}
                onOpen={(s) => set({ source: s.id, call: undefined })}
                onDelete={setRemoving}
              />
            ) : (
              <div className="box">
                <Empty
                  icon="hook"
                  title={t("No source yet")}
                  action={
                    <Button needs="configuration:write" onClick={addSource}>
                      {t("New source")}
                    </Button>
                  }
                >
                  {t("A source takes any JSON and runs the processors linked to it. The webhook URLs below need none.")}
                </Empty>
              </div>
            )}
          </Section>
          <Section
            title={t("Webhook URLs")}
            action={
              <Button needs="configuration:write" size="sm" icon="key" onClick={() => setOpen("key")}>
                {t("New key")}
              </Button>
            }
          >
            <p className="t2 sec-p">
              {t("POST, JSON or form data, with the header “Authorization: Bearer” and the key. Always an upsert by the sender’s id.")}
            </p>
            <WebhookUrls urls={p.webhook_urls} />
            <KeyList keys={p.keys} />
          </Section>
          <Section
            title={t("Calls received")}
            action={
              <Link className="btn btn-sm" to="/source-executions" search={{ provider_id: id } as never}>
                {t("View all")}
              </Link>
            }
          >
            {p.refused_calls > 0 && (
              <div className="banner warn">
                <Icon name="warnf" />
                <span>
                  {t(
                    "{n, plural, one {# call} other {# calls}} turned away at the door in the last 24 hours, for want of the right key for the most part. The first of each kind are in the list.",
                    { n: p.refused_calls },
                  )}
                </span>
              </div>
            )}
            <div className="box">
              <ListBody
                query={calls}
                filtered={false}
                clear={() => {}}
                icon="inbox"
                noun={t("calls received")}
                empty={{
                  title: t("No call yet"),
                  text: t("Each call to this provider’s URLs stands here with its answer, refused ones too."),
                }}
              >
                {(rows) => <CallTable rows={rows} selected={filters.call} onOpen={(c) => set({ call: c.id, source: undefined })} />}
              </ListBody>
            </div>
          </Section>
        </div>
        {filters.source === "new" && types.data && (
          <NewSource
            providerId={id}
            types={types.data.find((x) => x.name === p.type)?.sources ?? []}
            onClose={() => set({ source: undefined })}
            onDone={(made) => set({ source: made.id }, true)}
          />
        )}
        {filters.source && filters.source !== "new" && (
          <SourceSheet
            key={filters.source}
            id={filters.source}
            onClose={() => set({ source: undefined })}
            onCall={(call) => set({ call, source: undefined })}
          />
        )}
        {filters.call && (
          <Sheet title={call ? entrance(call) : t("Webhook call")} sub={<code>{filters.call}</code>} onClose={() => set({ call: undefined })}>
            <CallDetail id={filters.call} />
          </Sheet>
        )}
      </div>
      {removing && (
        <DeleteSource
          source={removing}
          onClose={() => setRemoving(undefined)}
          onDone={() => filters.source === removing.id && set({ source: undefined })}
        />
      )}
      <RenewKey id={id} name={p.name} open={open === "key"} onClose={close} />
      <DeleteWithDependents
        noun={t("provider")}
        name={p.name}
        open={open === "delete"}
        onClose={close}
        query={dependentsQuery(id)}
        act={async () => {
          await actions.remove.mutateAsync(id)
          toast.say(t("{name} is deleted", { name: p.name }))
          navigate({ to: "/providers" })
        }}
      />
    </Page>
  )
}
