// Package run executes a compiled program on one item: frame, budgets and the contract with its host. The same input
// and the same answers give the same result. It never does I/O, reads no clock and starts no goroutine.
package run
