import { t } from "../text"
import { Button } from "../ui/Button"
import { Icon } from "../ui/Icon"
import { useSpec, useStore } from "./context"

// Unread tells that YAML was typed that does not read, while something else than the YAML is shown: the steps are those of
// before it, and stay so until it is mended or dropped.
export function Unread({ onYaml }: { onYaml: () => void }) {
  const store = useStore()
  const there = useSpec((s) => s.text !== undefined && !s.checking)
  const line = useSpec((s) => s.checked?.problems.find((p) => p.line && p.severity !== "warning")?.line)
  if (!there) return null
  return (
    <div className="banner warn inset" role="alert">
      <Icon name="warnf" />
      <span className="grow">
        {line
          ? t("The YAML does not read yet, at line {n}. The steps are those of before it and cannot be changed meanwhile.", { n: line })
          : t("The YAML does not read yet. The steps are those of before it and cannot be changed meanwhile.")}
      </span>
      <Button size="xs" onClick={onYaml}>
        {t("Mend the YAML")}
      </Button>
      <Button size="xs" onClick={() => store.dropText()}>
        {t("Drop it")}
      </Button>
    </div>
  )
}
