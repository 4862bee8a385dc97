export default {
  "Fixed webhook": "Vaste webhook",
  State: "Toestand",
  Delivery: "Aflevering",
  Event: "Gebeurtenis",
  Item: "Item",
}
