import { useQuery } from "@tanstack/react-query"
import { Link, useNavigate, useParams } from "@tanstack/react-router"
import { useState } from "react"
import { Failed } from "../../api/client"
import { draftQuery } from "../../compare/api"
import { NextAndPrevious } from "../../execution/NextAndPrevious"
import { RunAgain } from "../../execution/RunAgain"
import { t } from "../../text"
import { AddTest } from "../../trace/AddTest"
import { type Trace, traceQuery } from "../../trace/api"
import { OlderVersion } from "../../trace/OlderVersion"
import { OnPaper } from "../../trace/OnPaper"
import { OtherRun } from "../../trace/OtherRun"
import { Path } from "../../trace/Path"
import { useOlder } from "../../trace/since"
import { TraceView } from "../../trace/TraceView"
import { useTrace } from "../../trace/useTrace"
import { Button } from "../../ui/Button"
import { Empty, Failure, Skeleton } from "../../ui/Feedback"
import { Icon } from "../../ui/Icon"
import { useFilters } from "../../ui/list"
import { Menu, type MenuEntry } from "../../ui/Menu"
import { useMay } from "../../ui/may"
import { Page } from "../../ui/Page"
import { Status } from "../../ui/Status"
import { word } from "../../ui/words"
import { UndoButton } from "../../undo/UndoButton"

export default function TracePage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const { filters } = useFilters()
  const query = useTrace(id, filters)
  if (query.error instanceof Failed && query.error.status === 404) return <NoExecution id={id} />
  if (query.isError) return <Failure error={query.error} retry={() => query.refetch()} title={t("Could not load this trace")} />
  if (!query.data) return <Skeleton />
  return <Shown key={id} trace={query.data} at={query.at} />
}

type Lying = "again" | "other" | "test"

function Shown({ trace, at }: { trace: Trace; at: string | undefined }) {
  const { execution: e, digest_matches, note } = trace
  const { filters, set } = useFilters()
  const [lying, setLying] = useState<Lying>()
  const navigate = useNavigate()
  const [mayRun, mayWrite] = [useMay("processors:run"), useMay("configuration:write")]
  const there = e.processor_name !== ""
  const draft = useQuery({ ...draftQuery(e.processor_id), enabled: there && mayWrite })
  const older = useOlder(e.processor_id, e.version, there)
  const wanted = filters.with
  const other = useQuery({ ...traceQuery(wanted ?? ""), enabled: wanted !== undefined })
  const list = filters.list ?? ""
  const dry = (spec?: "draft") =>
    navigate({
      to: "/executions/dry",
      search: { processor: e.processor_id, delivery: e.delivery_id, ...(spec && { spec, with: e.version > 0 ? "live" : undefined }) } as never,
    })
  const entries: MenuEntry[] = []
  if (there && mayRun) entries.push({ id: "dry", label: t("Dry run on the live spec"), icon: "flask", act: () => dry() })
  if (there && mayRun && draft.data) entries.push({ id: "draft", label: t("Dry run on my draft"), icon: "edit", act: () => dry("draft") })
  if (there && mayWrite) entries.push({ id: "test", label: t("Add as test…"), icon: "ok", act: () => setLying("test") })
  entries.push({ id: "other", label: t("Compare with…"), icon: "compare", act: () => setLying("other") })
  entries.push({ id: "export", label: t("Export as JSON"), icon: "save", act: () => download(e.id) })
  entries.push({ id: "print", label: t("Print…"), icon: "file", act: () => setTimeout(() => window.print()) })
  return (
    <Page
      title={e.id}
      crumbs={[{ label: t("Processor executions"), to: list ? `/executions?${list}` : "/executions" }]}
      note={
        <>
          <Status is={e.status} />
          {e.kind !== "live" && <span className="tag">{word(e.kind)}</span>}
        </>
      }
      actions={
        <>
          <NextAndPrevious list={list} id={e.id} />
          <UndoButton of="execution" id={e.id} />
          {there && mayRun && (
            <Link
              className="btn btn-sm from-lg"
              to="/executions/dry"
              search={{ processor: e.processor_id, delivery: e.delivery_id } as never}
              title={t("What the live version would do with this delivery now")}
            >
              <Icon name="flask" />
              {t("Dry run")}
            </Link>
          )}
          <Button size="sm" icon="compare" className="from-lg" onClick={() => setLying("other")}>
            {t("Compare with…")}
          </Button>
          <Button needs="processors:run" size="sm" icon="replay" onClick={() => setLying("again")}>
            {t("Run again…")}
          </Button>
          <Menu label={t("More")} entries={entries} />
        </>
      }
    >
      <OnPaper trace={trace} />
      <Path trace={trace}>
        {wanted && (
          <span className="node">
            <Icon name="compare" />
            <Link className="row-link" to={`/executions/${wanted}`}>
              <code>{wanted}</code>
            </Link>
            {other.data && <span className="t3">v{other.data.execution.version}</span>}
            <Button
              size="xs"
              look="ghost"
              icon="updown"
              label={t("The other way round")}
              onClick={() => navigate({ to: `/executions/${wanted}`, search: { with: e.id, ...(list && { list }) } as never })}
            />
            <Button size="xs" look="ghost" icon="x" label={t("Compare no longer")} onClick={() => set({ with: undefined, at: undefined }, true)} />
          </span>
        )}
      </Path>
      {older && <OlderVersion processor={e.processor_id} ran={e.version} older={older} />}
      {!digest_matches && (
        <div className="banner warn inset">
          <Icon name="warnf" />
          <span>
            {note ?? t("What is shown was computed today and differs from what ran then. Stored fields, answers and outcome are as they were.")}
          </span>
        </div>
      )}
      {wanted && other.isError && <Failure error={other.error} retry={() => other.refetch()} title={t("Could not load the other trace")} />}
      {wanted && other.isPending ? (
        <Skeleton />
      ) : (
        <TraceView
          key={wanted}
          trace={trace}
          at={at}
          onAt={(at) => set({ at, step: undefined, items: undefined }, true)}
          since={older?.since}
          other={wanted ? other.data : undefined}
        />
      )}
      <RunAgain
        id={e.id}
        processor={e.processor_name}
        open={lying === "again"}
        onClose={() => setLying(undefined)}
        onDone={(id) => navigate({ to: `/executions/${id}` })}
      />
      {lying === "other" && (
        <OtherRun
          of={e}
          onClose={() => setLying(undefined)}
          onPick={(id) => {
            setLying(undefined)
            set({ with: id, at: undefined, step: undefined, items: undefined })
          }}
        />
      )}
      {lying === "test" && <AddTest of={e} onClose={() => setLying(undefined)} />}
    </Page>
  )
}

// download saves the whole trace as the server shows it, in which personal data is masked.
function download(id: string) {
  const link = document.createElement("a")
  link.href = `/v1/executions/${id}/trace`
  link.download = `${id}.trace.json`
  link.click()
}

function NoExecution({ id }: { id: string }) {
  return (
    <Page title={id} crumbs={[{ label: t("Processor executions"), to: "/executions" }]}>
      <Empty
        icon="runs"
        title={t("No execution has this id")}
        action={
          <Link className="btn" to="/executions">
            {t("To the executions")}
          </Link>
        }
      >
        <code className="wrap">{id}</code> {t("is not known here. The id may be cut off, or it is of another tenant.")}
      </Empty>
    </Page>
  )
}
