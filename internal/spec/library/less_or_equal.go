package library

var lessOrEqual = comparison("less_or_equal", "Less or equal",
	"Whether the left one is less or equal, or not later.",
	func(order int) bool { return order <= 0 },
	Example{"less_or_equal(3, 2)", "false"}, Example{`less_or_equal(parse_datetime("2025-01-01"), parse_datetime("2025-01-02"))`, "true"})
