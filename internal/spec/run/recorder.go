//nolint:revive // its methods are those of Recorder, which tells about each
package run

import "github.com/dealwright/dealwright/internal/spec/value"

// Unheard is a Recorder that takes no notice. One that wants to hear of some things only embeds it.
type Unheard struct{}

// What a Recorder hears.
func (Unheard) StepBegins(*Instruction)                           {}
func (Unheard) StepEnds(*Instruction, Outcome, value.Value, Flow) {}
func (Unheard) StepFails(*Instruction, *DataError)                {}
func (Unheard) FieldBegins(*FieldPlan)                            {}
func (Unheard) FieldEnds(*FieldPlan, value.Value, *DataError)     {}
func (Unheard) Enter(*Node)                                       {}
func (Unheard) Leave(value.Value, *DataError)                     {}
func (Unheard) Item(value.Value)                                  {}
func (Unheard) Remark(string, string)                             {}
func (Unheard) Answered(Effect, Answer)                           {}
func (Unheard) Read(value.Entity, string, value.Value)            {}
func (Unheard) Pseudonym(string, string, string)                  {}
func (Unheard) BodyBegins(*Body)                                  {}
func (Unheard) BodyEnds(*Body)                                    {}
func (Unheard) LoopBegins(int)                                    {}
func (Unheard) LoopItem(*Instruction, int, value.Value)           {}
func (Unheard) LoopItemEnds(Status, *DataError)                   {}
