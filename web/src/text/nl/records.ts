export default {
  "Last written": "Laatst geschreven",
  "Whose it is": "Van wie het is",
  History: "Geschiedenis",
  "Could not load its history": "De geschiedenis kon niet worden geladen",
  "External id, whole": "Extern id, volledig",
  type: "type",
  "{kinds} appear here as soon as a processor or a fixed webhook writes one.":
    "{kinds} verschijnen hier zodra een processor of vaste webhook er een schrijft.",
}
