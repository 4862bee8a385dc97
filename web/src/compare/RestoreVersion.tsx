import { useQuery, useQueryClient } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useState } from "react"
import { type Processor, processorQuery, useProcessorActions } from "../processor/api"
import { LiveNow, lackingNow } from "../processor/LiveNow"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Icon } from "../ui/Icon"
import { useToast } from "../ui/Toast"
import { type Foreseen, foresee, nothingForeseen } from "./api"
import { ConfirmSave } from "./ConfirmSave"

interface Props {
  processor: Processor
  n: number
  onRestored?: (what: string, version: number) => Promise<void>
}

// RestoreVersion makes an older version live again, with the same question as a save asks: it is tried on the last
// deliveries first, where it is to replace what runs. The notice has the way back to what was live before.
export function RestoreVersion({ processor, n, onRestored }: Props) {
  const { data: p = processor } = useQuery(processorQuery(processor.id))
  const { restore } = useProcessorActions()
  const queries = useQueryClient()
  const toast = useToast()
  const [trying, setTrying] = useState(false)
  const [found, setFound] = useState<Foreseen>()

  const put = async (n: number, { untried = false, back = 0 }: { untried?: boolean; back?: number }) => {
    const s = await restore.mutateAsync({ id: p.id, n })
    setFound(undefined)
    await onRestored?.(t("Restore version {n}", { n }), s.version)
    if (!s.new) return toast.say(t("Version {old} is what version {n} says already", { old: n, n: s.version }))
    const lacking = await lackingNow(queries, p)
    toast.say(
      <LiveNow text={t("Version {old} is back as version {n}", { old: n, n: s.version })} untried={untried} lacking={lacking} />,
      back > 0 ? () => put(back, {}).catch(failed) : undefined,
    )
  }
  const failed = (e: unknown) => toast.fail(t("Not restored"), e)
  const ask = async () => {
    setTrying(true)
    const foreseen = p.state === "enabled" ? await foresee(p.id, { version: n }) : nothingForeseen
    setTrying(false)
    if (foreseen.nowFails > 0) setFound(foreseen)
    else await put(n, { untried: foreseen.untried, back: p.version }).catch(failed)
  }
  return (
    <>
      <Button needs="configuration:write" size="sm" icon="history" busy={trying || restore.isPending} onClick={ask}>
        {t("Restore as a new version")}
      </Button>
      {found && (
        <ConfirmSave
          title={t("Restore version {n}", { n })}
          does={t("Restore anyway")}
          foreseen={found}
          onSave={() => put(n, { back: p.version })}
          onClose={() => setFound(undefined)}
          more={
            <Link className="btn" to={`/processors/${p.id}/compare`} search={{ version: String(n) } as never}>
              <Icon name="compare" />
              {t("Compare")}
            </Link>
          }
        />
      )}
    </>
  )
}
