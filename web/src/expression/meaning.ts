// What a field of a delivery is, as far as its name tells: an external id of an agent is hardly ever the id of the event.

// About is what a slot holds: the id, the name or another field of a thing.
export interface About {
  noun: string // of the thing
  what: string // "id", "name", or the field itself
}

// The words that systems have for things, in the languages of those who make them.
const words: Record<string, readonly string[]> = {
  agent:
    "agent user owner rep representative seller salesperson salesman employee advisor adviser consultant assignee operator verkoper medewerker adviseur gebruiker eigenaar".split(
      " ",
    ),
  team: "team group department branch office afdeling vestiging groep".split(" "),
  project: "project campaign campagne".split(" "),
  proposition: "proposition product offer article sku propositie artikel aanbod".split(" "),
  segment: "segment category industry branche categorie".split(" "),
}

const ids = ["id", "key", "code", "number", "uuid", "nummer"]
const names = ["name", "naam", "fullname", "label", "title"]

// speaks is how plainly a path says that it holds this: 0 not, 2 by the thing it is of, 3 by what it is of that thing, too.
export function speaks(path: string, about: About): number {
  const own = words[about.noun]
  if (!own) return 0
  const keys = path.split(/[.[\]"]+/).filter((k) => k !== "" && !/^\d+$/.test(k))
  const parts = keys.map((k) => k.split(/[_\-\s]+|(?<=[a-z])(?=[A-Z])/).map((w) => w.toLowerCase()))
  const of = parts.findLastIndex((p) => p.some((w) => own.includes(w)))
  if (of < 0 || of < parts.length - 2) return 0 // what lies deep within it is of something else again
  const end = parts.at(-1)?.at(-1) ?? ""
  const plain = of === parts.length - 1 && own.includes(end) // agent: 7
  const kind = ids.includes(end) ? "id" : names.includes(end) ? "name" : end
  if (kind === about.what) return 3
  return plain && about.what === "id" ? 2 : 0
}
