import { Link } from "@tanstack/react-router"
import { useState } from "react"
import { Failed } from "../api/client"
import { NotRun } from "../delivery/NotRun"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Dialog } from "../ui/Dialog"
import { Status } from "../ui/Status"
import { useToast } from "../ui/Toast"
import { type Processor, type Spec, useProcessorActions } from "./api"

// whyNot says what stands between a processor and running; nothing where it runs or could.
export function whyNot(p: Processor, spec: Spec | undefined): string | undefined {
  if (p.state === "enabled") return undefined
  if (p.version === 0) return t("Its spec is empty. Save one first.")
  const problem = spec?.problems.find((x) => x.severity !== "warning")
  return problem ? t("Its saved spec no longer checks: {problem}", { problem: problem.message }) : undefined
}

// Runs says that a processor runs from now on, and what came in before it did.
export function Runs({ processor }: { processor: Processor }) {
  return (
    <>
      {t("{name} runs on every delivery from now on", { name: processor.name })}. <NotRun processor={processor.id} />
    </>
  )
}

export function Enablement({ processor, reason }: { processor: Processor; reason: string | undefined }) {
  const { enable, disable } = useProcessorActions()
  const toast = useToast()
  const [why, setWhy] = useState(false)
  const refused = (e: unknown) => {
    const first = e instanceof Failed ? e.details[0]?.message : undefined
    toast.fail(first ? t("Not enabled. {why}", { why: first }) : t("Not enabled"), e)
  }
  const on = processor.state !== "disabled"
  return (
    <span className="r">
      <Status is={processor.state} />
      {on ? (
        <Button
          needs="configuration:write"
          size="sm"
          busy={disable.isPending}
          onClick={() =>
            disable.mutate(processor.id, {
              onSuccess: () =>
                toast.say(t("{name} no longer runs", { name: processor.name }), () => enable.mutate(processor.id, { onError: refused })),
              onError: (e) => toast.fail(t("Still enabled"), e),
            })
          }
        >
          {t("Disable")}
        </Button>
      ) : (
        <Button
          needs="configuration:write"
          size="sm"
          busy={enable.isPending}
          onClick={() =>
            reason !== undefined
              ? setWhy(true)
              : enable.mutate(processor.id, {
                  onSuccess: () =>
                    toast.say(
                      processor.sources > 0 ? (
                        <Runs processor={processor} />
                      ) : (
                        <>
                          {t("{name} is enabled, but linked to no source yet: nothing will reach it.", { name: processor.name })}{" "}
                          <Link to={`/providers/${processor.provider_id}`}>{t("Link it to a source")}</Link>
                        </>
                      ),
                      () => disable.mutate(processor.id),
                    ),
                  onError: refused,
                })
          }
        >
          {t("Enable")}
        </Button>
      )}
      <Dialog
        title={t("{name} cannot be enabled yet", { name: processor.name })}
        open={why && reason !== undefined}
        onClose={() => setWhy(false)}
        footer={
          <>
            <Button look="ghost" onClick={() => setWhy(false)}>
              {t("Close")}
            </Button>
            <Link className="btn btn-primary" to={`/processors/${processor.id}/spec`} onClick={() => setWhy(false)}>
              {t("To its spec")}
            </Link>
          </>
        }
      >
        <p>{reason}</p>
        {processor.sources === 0 && <p className="t2">{t("It is also linked to no source yet. That is done on the source’s page.")}</p>}
      </Dialog>
    </span>
  )
}
