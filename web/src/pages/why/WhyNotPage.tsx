import { useQuery } from "@tanstack/react-query"
import { Navigate } from "@tanstack/react-router"
import { type FormEvent, useState } from "react"
import { findQuery } from "../../app/find"
import { providersQuery } from "../../provider/api"
import { t } from "../../text"
import { Button } from "../../ui/Button"
import { Empty, Failure, Skeleton } from "../../ui/Feedback"
import { SelectField, TextField } from "../../ui/Field"
import { useFilters } from "../../ui/list"
import { Page } from "../../ui/Page"
import { word } from "../../ui/words"
import { nounOf, whyNot, whyOf } from "../../why/addresses"
import { type AbsentKind, absentKinds, absentQuery } from "../../why/api"
import { Verdict } from "../../why/Verdict"

// WhyNotPage tells what became of an external id: whether it is there, and where it was stopped if it is not.
export default function WhyNotPage() {
  const { filters, set } = useFilters()
  const kind = absentKinds.find((k) => k === filters.kind) ?? "sale"
  const wanted = (filters.external_id ?? "").trim()
  // Whoever comes for a field goes on to the thing, where it is the only one with this id.
  const going = filters.field !== undefined && wanted !== ""
  const found = useQuery({ ...findQuery(wanted), enabled: going })
  const answer = useQuery({ ...absentQuery(kind, wanted, filters.provider_id), enabled: wanted !== "" && (!going || !found.isPending) })
  const providers = useQuery(providersQuery())
  const there = (found.data ?? []).filter(
    (x) => x.external_id === wanted && nounOf(x.noun).kind === kind && (!filters.provider_id || x.provider_id === filters.provider_id),
  )
  if (going && there.length === 1 && there[0]) {
    const to = whyOf(nounOf(there[0].noun).path, there[0].id, filters.field)
    return <Navigate to={to.to} search={to.search as never} replace />
  }
  return (
    <Page title={t("Why is it not there")} note={wanted && <code className="from-sm">{wanted}</code>}>
      <div className="scroll pad" tabIndex={-1}>
        <div className="why-not">
          <Asked
            key={`${kind} ${wanted} ${filters.provider_id}`}
            kind={kind}
            text={wanted}
            provider={filters.provider_id ?? ""}
            providers={(providers.data?.rows ?? []).map((p) => ({ value: p.id, label: p.name }))}
            busy={answer.isFetching}
            onAsk={(kind, text, provider) => set(whyNot(kind, text, { provider_id: provider }).search)}
          />
          {wanted === "" ? (
            <Empty icon="search" title={t("Which external id is it?")}>
              {t(
                "Give the id that the vendor has for it. What came in is looked through for it, and each processor that ran says what it made of it.",
              )}
            </Empty>
          ) : answer.isPending ? (
            <Skeleton label={t("Looking through what came in")} />
          ) : answer.isError ? (
            <Failure error={answer.error} retry={() => answer.refetch()} title={t("Could not tell what became of it")} />
          ) : (
            <Verdict answer={answer.data} />
          )}
        </div>
      </div>
    </Page>
  )
}

interface AskedProps {
  kind: AbsentKind
  text: string
  provider: string
  providers: { value: string; label: string }[]
  busy: boolean
  onAsk: (kind: string, text: string, provider: string) => void
}

function Asked({ kind, text, provider, providers, busy, onAsk }: AskedProps) {
  const [now, setNow] = useState({ kind: kind as string, text, provider })
  const ask = (e: FormEvent) => {
    e.preventDefault()
    if (now.text.trim()) onAsk(now.kind, now.text.trim(), now.provider)
  }
  return (
    <form className="why-ask" onSubmit={ask}>
      <SelectField
        label={t("Kind")}
        value={now.kind}
        onChange={(kind) => setNow({ ...now, kind })}
        options={absentKinds.map((k) => ({ value: k, label: word(k) }))}
      />
      <TextField label={t("External id")} value={now.text} onChange={(text) => setNow({ ...now, text })} />
      <SelectField
        label={t("Provider")}
        value={now.provider}
        onChange={(provider) => setNow({ ...now, provider })}
        options={[{ value: "", label: t("any") }, ...providers]}
      />
      <Button look="primary" type="submit" icon="search" busy={busy} disabled={!now.text.trim()}>
        {t("Look for it")}
      </Button>
    </form>
  )
}
