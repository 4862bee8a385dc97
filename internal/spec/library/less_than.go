package library

var lessThan = comparison("less_than", "Less than",
	"Whether the left one is less, or earlier.",
	func(order int) bool { return order < 0 },
	Example{"less_than(2, 10)", "true"}, Example{"less_than(1, null)", "false"})
