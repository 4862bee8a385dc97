import { Link } from "@tanstack/react-router"
import { useState } from "react"
import { DiffList } from "../spec/DiffList"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Dialog } from "../ui/Dialog"
import { Icon } from "../ui/Icon"
import type { Older } from "./since"

// OlderVersion says that another version is live than ran, and what became of the steps since.
export function OlderVersion({ processor, ran, older }: { processor: string; ran: number; older: Older }) {
  const [open, setOpen] = useState(false)
  const said = [
    older.gone > 0 && t("{n, plural, one {# step is} other {# steps are}} no longer there", { n: older.gone }),
    older.changed > 0 && t("{n, plural, one {# was} other {# were}} changed", { n: older.changed }),
    older.added > 0 && t("{n, plural, one {# was} other {# were}} added", { n: older.added }),
  ].filter(Boolean)
  return (
    <div className="banner inset older" role="status">
      <Icon name="history" />
      <span>
        {t("It ran on v{ran}; v{live} is live.", { ran, live: older.live })}{" "}
        {older.diff.same || older.diff.same_program
          ? t("They do the same.")
          : said.length > 0
            ? `${t("Since then:")} ${said.join(", ")}.`
            : t("The steps are the same.")}
      </span>
      {!older.diff.same && (
        <Button size="xs" onClick={() => setOpen(true)}>
          {t("What changed")}
        </Button>
      )}
      <Link className="btn btn-xs" to={`/processors/${processor}`} search={{ tab: "versions", version: String(ran) } as never}>
        {t("View v{n}", { n: ran })}
      </Link>
      <Dialog title={t("From v{ran} to v{live}", { ran, live: older.live })} open={open} onClose={() => setOpen(false)} wide>
        <DiffList diff={older.diff} />
      </Dialog>
    </div>
  )
}
