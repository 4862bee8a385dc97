export default {
  "counts for nobody": "telt voor niemand",
  "Counts for nobody": "Telt voor niemand",
  "External id, or whose it is": "Extern id, of van wie het is",
  "External id, or a part of it": "Extern id, of een deel ervan",
  History: "Geschiedenis",
  "Could not load its history": "De geschiedenis kon niet worden geladen",
  type: "type",
  "{kinds} appear here as soon as a processor or a fixed webhook writes one.":
    "{kinds} verschijnen hier zodra een processor of vaste webhook er een schrijft.",
  "Last changed": "Laatst gewijzigd",
  "Unlock all {n}…": "Alle {n} ontgrendelen…",
  "{kind} at the provider": "{kind} bij de provider",
}
