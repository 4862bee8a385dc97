import { Button } from "../ui/Button"
import { Status } from "../ui/Status"
import { useToast } from "../ui/Toast"
import { type Processor, useProcessorActions } from "./api"

// whyNot says what stands between a processor and running.
export function whyNot(p: Processor): string | undefined {
  if (p.why) return p.why
  if (p.current_version === 0) return "Its spec is empty. Save one first."
  return undefined
}

export function Enablement({ processor }: { processor: Processor }) {
  const { enable, disable } = useProcessorActions()
  const toast = useToast()
  const reason = whyNot(processor)
  const on = processor.state !== "disabled"
  return (
    <span className="r">
      <Status is={processor.state} />
      {on ? (
        <Button
          size="sm"
          busy={disable.isPending}
          onClick={() =>
            disable.mutate(processor.id, {
              onSuccess: () => toast.say(`${processor.name} no longer runs`, () => enable.mutate(processor.id)),
              onError: (e) => toast.fail("Still enabled", e),
            })
          }
        >
          Disable
        </Button>
      ) : (
        <Button
          size="sm"
          busy={enable.isPending}
          disabled={reason !== undefined}
          title={reason}
          onClick={() =>
            enable.mutate(processor.id, {
              onSuccess: () =>
                toast.say(`${processor.name} runs on every delivery from now on`, () => disable.mutate(processor.id)),
              onError: (e) => toast.fail("Not enabled", e),
            })
          }
        >
          Enable
        </Button>
      )}
    </span>
  )
}
