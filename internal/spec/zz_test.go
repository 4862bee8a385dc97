package spec_test
import ("testing";"fmt";"sort"
"github.com/dealwright/dealwright/internal/spec/check"
"github.com/dealwright/dealwright/internal/spec/library"
"github.com/dealwright/dealwright/internal/spec/specgen"
"github.com/dealwright/dealwright/internal/spec/tree")
func TestZZ(t *testing.T){ lib:=library.Standard(); m:=map[string]int{}
for s:=uint64(1);s<300;s++{ c:=specgen.Draw(s,lib); _,ps:=check.Check(c.Spec,lib,c.Model); for _,p:=range ps{ if p.Severity==tree.Error{ m[p.Code+": "+p.Message]++ ; break}}}
var ks []string; for k:=range m{ks=append(ks,k)}; sort.Slice(ks,func(i,j int)bool{return m[ks[i]]>m[ks[j]]}); for i,k:=range ks{ if i<60 {fmt.Println(m[k],k)}}}
func TestZZ2(t *testing.T){ lib:=library.Standard(); n:=0
for s:=uint64(1);s<300;s++{ c:=specgen.Draw(s,lib); _,ps:=check.Check(c.Spec,lib,c.Model); for _,p:=range ps{ if p.Severity==tree.Error && p.Code==tree.WrongType{ n++; if n<4 {fmt.Println(p.Pointer,p.Message); fmt.Println(string(c.Txtar(lib,"")))}; break}}}}
