package language

var traces = []sentence{}
var records = []sentence{}
var trials = []sentence{}
var whys = []sentence{}
var codes = []sentence{}
