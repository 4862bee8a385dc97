package library

var greaterOrEqual = comparison("greater_or_equal", "Greater or equal",
	"Whether the left one is greater or equal, or not earlier.",
	func(order int) bool { return order >= 0 },
	Example{"greater_or_equal(2, 2.0)", "true"})
