export default {
  "Edit as YAML": "Bewerken als YAML",
}
