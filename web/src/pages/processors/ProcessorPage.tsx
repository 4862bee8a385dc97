import { useQuery } from "@tanstack/react-query"
import { Link, useNavigate, useParams } from "@tanstack/react-router"
import { useState } from "react"
import { RestoreVersion } from "../../compare/RestoreVersion"
import { recentDeliveriesQuery } from "../../delivery/api"
import { TestRun } from "../../execution/TestRun"
import { linksOfProcessor } from "../../link/api"
import { LinkTable } from "../../link/LinkTable"
import { dependentsQuery, type Processor, processorQuery, specQuery, useProcessorActions, versionQuery, versionsQuery } from "../../processor/api"
import { Enablement, whyNot } from "../../processor/Enablement"
import { VersionTable } from "../../processor/VersionTable"
import { allSourcesQuery } from "../../source/api"
import { t } from "../../text"
import { Button } from "../../ui/Button"
import { DeleteWithDependents } from "../../ui/DeleteWithDependents"
import { Empty, Failure, fieldError, Skeleton } from "../../ui/Feedback"
import { Icon } from "../../ui/Icon"
import { ListBody, useFilters } from "../../ui/list"
import { Menu } from "../../ui/Menu"
import { NameForm } from "../../ui/NameForm"
import { Page } from "../../ui/Page"
import { Sheet } from "../../ui/Sheet"
import { Tabs } from "../../ui/Tabs"
import { useToast } from "../../ui/Toast"
import { usersQuery } from "../../user/api"

type Tab = "spec" | "sources" | "versions"

export default function ProcessorPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const { filters, set } = useFilters()
  const tab = (["spec", "sources", "versions"].includes(filters.tab ?? "") ? filters.tab : "spec") as Tab
  const processor = useQuery(processorQuery(id))
  const spec = useQuery(specQuery(id))
  const actions = useProcessorActions()
  const navigate = useNavigate()
  const toast = useToast()
  const [deleting, setDeleting] = useState(false)
  const [testing, setTesting] = useState(false)
  const deliveries = useQuery({ ...recentDeliveriesQuery, enabled: testing })

  if (processor.isPending) return <Skeleton />
  if (processor.isError) return <Failure error={processor.error} retry={() => processor.refetch()} list="/processors" />
  const p = processor.data
  const reason = whyNot(p, spec.data)
  return (
    <Page
      title={p.name}
      crumbs={[{ label: t("Processors"), to: "/processors" }]}
      note={p.version > 0 ? `v${p.version}` : t("empty")}
      actions={
        <>
          <Enablement processor={p} reason={reason} />
          <Button needs="processors:run" size="sm" icon="flask" className="from-sm" disabled={p.version === 0} onClick={() => setTesting(true)}>
            {t("Test")}
          </Button>
          <Link className="btn btn-sm from-sm" to="/executions" search={{ processor_id: id } as never}>
            <Icon name="runs" />

            {t("Executions")}
          </Link>
          <Menu
            label={t("Actions for {name}", { name: p.name })}
            entries={[{ id: "delete", label: t("Delete processor"), icon: "trash", danger: true, act: () => setDeleting(true) }]}
          />
        </>
      }
    >
      <div className="views">
        <Tabs
          label={t("Parts of the processor")}
          value={tab}
          onChange={(to) => set({ tab: to === "spec" ? undefined : to, version: undefined })}
          tabs={[
            { id: "spec", label: t("Spec") },
            {
              id: "sources",
              label: (
                <>
                  {t("Sources")} <span className="count">{p.sources}</span>
                </>
              ),
            },
            { id: "versions", label: t("Versions") },
          ]}
        />
      </div>
      {reason && (
        <div className="banner warn inset">
          <Icon name="warnf" />
          <span>
            {p.state === "suspended" ? t("Suspended: deliveries wait, none is lost.") : t("It cannot be enabled yet.")} {reason}
          </span>
        </div>
      )}
      {tab === "spec" && <SpecTab id={id} />}
      {tab === "sources" && (
        <div className="scroll pad">
          <div className="narrow">
            <NameForm
              label={t("Name")}
              name={p.name}
              needs="configuration:write"
              busy={actions.rename.isPending}
              error={fieldError(actions.rename.error, "name") ?? actions.rename.error?.message}
              onSave={(name) => actions.rename.mutate({ id, name }, { onSuccess: () => toast.say(t("Renamed to {name}", { name })) })}
            />
          </div>
          <Links id={id} provider={p.provider_id} />
        </div>
      )}
      {tab === "versions" && <VersionsTab processor={p} />}
      <TestRun
        processor={p}
        deliveries={(deliveries.data?.rows ?? [])
          .filter((d) => d.source_id)
          .map((d) => ({ id: d.id, source: d.source_name, received_at: d.received_at }))}
        open={testing && !deliveries.isPending}
        onClose={() => setTesting(false)}
        onDone={(e) => navigate({ to: `/executions/${e}` })}
      />
      <DeleteWithDependents
        noun={t("processor")}
        name={p.name}
        open={deleting}
        onClose={() => setDeleting(false)}
        query={dependentsQuery(id)}
        act={async () => {
          await actions.remove.mutateAsync(id)
          toast.say(t("{name} is deleted", { name: p.name }))
          navigate({ to: "/processors" })
        }}
      />
    </Page>
  )
}

function SpecTab({ id }: { id: string }) {
  const spec = useQuery(specQuery(id))
  if (spec.isPending) return <Skeleton />
  if (spec.isError) return <Failure error={spec.error} retry={() => spec.refetch()} />
  const edit = (
    <Link className="btn btn-primary" to={`/processors/${id}/spec`}>
      <Icon name="edit" />
      {t("Edit spec")}
    </Link>
  )
  if (spec.data.version === 0)
    return (
      <Empty icon="flow" title={t("No spec yet")} action={edit}>
        {t("The spec says what is made of each delivery: who sold what, when, and what it counts for.")}
      </Empty>
    )
  return (
    <div className="scroll pad stack">
      <div className="r">{edit}</div>
      <pre className="code" tabIndex={0}>
        {spec.data.text}
      </pre>
    </div>
  )
}

function VersionsTab({ processor }: { processor: Processor }) {
  const { id } = processor
  const { filters, set } = useFilters()
  const versions = useQuery(versionsQuery(id))
  const users = useQuery(usersQuery)
  const nameOf = (author: string) => {
    const user = users.data?.rows.find((u) => u.id === author)
    return user ? user.name || user.email : author.startsWith("key_") ? t("API key") : author
  }
  const shown = Number(filters.version)
  const text = useQuery({ ...versionQuery(id, shown), enabled: shown > 0 })
  return (
    <div className={shown > 0 ? "split" : "whole"}>
      <div className="lst">
        <ListBody
          query={versions}
          filtered={false}
          clear={() => {}}
          icon="history"
          noun={t("versions")}
          empty={{ title: t("No version yet"), text: t("Every save that changes something makes one; none is ever changed or lost.") }}
        >
          {(rows) => (
            <VersionTable
              rows={rows}
              current={processor.version}
              selected={filters.version}
              nameOf={nameOf}
              onOpen={(v) => set({ version: String(v.version) })}
            />
          )}
        </ListBody>
      </div>
      {shown > 0 && (
        <Sheet
          title={t("Version {n}", { n: shown })}
          onClose={() => set({ version: undefined })}
          footer={shown !== processor.version && <RestoreVersion processor={processor} n={shown} />}
        >
          {text.isPending ? (
            <Skeleton rows={6} />
          ) : text.isError ? (
            <Failure error={text.error} retry={() => text.refetch()} />
          ) : (
            <pre className="code" tabIndex={0}>
              {text.data.text}
            </pre>
          )}
        </Sheet>
      )}
    </div>
  )
}

function Links({ id, provider }: { id: string; provider: string }) {
  const links = useQuery(linksOfProcessor(id))
  const spec = useQuery(specQuery(id))
  const sources = useQuery(allSourcesQuery)
  if (links.isPending) return <Skeleton rows={3} />
  if (links.isError) return <Failure error={links.error} retry={() => links.refetch()} />
  return (
    <LinkTable
      links={links.data}
      constants={spec.data?.constants ?? []}
      sourcePath={(source) => ({ to: `/providers/${sources.data?.rows.find((s) => s.id === source)?.provider_id ?? provider}`, search: { source } })}
      empty={
        <Link className="btn" to={`/providers/${provider}`}>
          {t("To the provider’s sources")}
        </Link>
      }
    />
  )
}
