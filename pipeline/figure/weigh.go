package figure

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"longmai/pipeline"
)

// A class groups figures by what sort of subject they have.
type class uint8

const (
	classMoney     class = iota
	classUnitMoney       // per something
	classShare
	classGrowth
	classPeople
	classBodies
	classCount
	classPower
	classSpace
	classMass
	classDuration
	classRank
	classAge
	classOther
	classes
)

var classNames = [classes]string{"money", "unit-money", "share", "growth", "people", "bodies", "count", "power", "space", "mass", "duration", "rank", "age", "other"}

func classOf(it *item) class {
	switch it.kind {
	case pipeline.Money:
		if it.per != "" {
			return classUnitMoney
		}
		return classMoney
	case pipeline.Percent, pipeline.Ratio:
		if it.change != nil && (it.change.Role == "delta" || it.change.Role == "ratio") {
			return classGrowth
		}
		return classShare
	case pipeline.Points, pipeline.Multiple:
		return classGrowth
	case pipeline.Count:
		switch it.code {
		case "{person}", "{person-visit}", "{household}":
			return classPeople
		case "{org}":
			return classBodies
		}
		return classCount
	case pipeline.Duration:
		return classDuration
	case pipeline.Rank:
		return classRank
	}
	if it.unit == nil {
		return classOther
	}
	switch it.unit.dim {
	case "age":
		return classAge
	case "power", "apparent_power", "energy", "compute", "compute_int":
		return classPower
	case "length", "area":
		return classSpace
	case "mass", "volume":
		return classMass
	}
	return classOther
}

// A relation says how a candidate stands to the metric of the figure.
type relation uint8

const (
	apart    relation = iota
	ahead             // the metric begins behind it
	ofMetric          // the metric begins behind it and 的
	inside            // it stands in the metric
	bare              // the figure has no metric
	followed          // the metric stands behind the number
	taken             // the metric is that of an earlier figure
	relations
)

var relationNames = [relations]string{"apart", "ahead", "of", "inside", "bare", "followed", "taken"}

func (c *chooser) relation(it *item, x *candidate) relation {
	m := it.metric
	switch {
	case m == nil:
		return bare
	case it.after:
		return followed
	case x.End > m.Start && x.Start < m.End && !x.Empty():
		return inside
	case m.Start < it.clause:
		return taken
	case x.End == m.Start:
		return ahead
	case x.End+len("的") == m.Start && c.has(x.End, "的"):
		return ofMetric
	}
	return apart
}

// roles are the roles of a change.
var roleNames = []string{"none", "level", "delta", "from", "to", "ratio"}

func roleOf(it *item) int {
	if it.change == nil {
		return 0
	}
	for i, n := range roleNames {
		if n == it.change.Role {
			return i
		}
	}
	return 1
}

// A speech says how a candidate stands to the speech that the figure is part of.
type speech uint8

const (
	noSpeech   speech = iota
	sameSpeech        // both stand in one quotation
	outside           // the figure is quoted, the candidate stands elsewhere
	unquoted          // the candidate is quoted, the figure is not
	speeches
)

var speechNames = [speeches]string{"none", "same", "outside", "unquoted"}

func (c *chooser) speech(it *item, x *candidate) speech {
	switch {
	case !it.quoted && x.quote >= 0 && x.local:
		return unquoted
	case !it.quoted:
		return noSpeech
	case c.quoted != nil && x.quote == c.quoted.Start && x.local:
		return sameSpeech
	}
	return outside
}

// A gap is what lies between a figure and the one before it.
type gap uint8

const (
	gapList gap = iota
	gapNone
	gapComma
	gapSemicolon
	gapSentence
	gapParagraph
	gaps
)

var gapNames = [gaps]string{"list", "none", "comma", "semicolon", "sentence", "paragraph"}

// gapBefore says what lies before figure i.
func (s *scan) gapBefore(i int) gap {
	if i == 0 {
		return gapParagraph
	}
	it, p := &s.items[i], &s.items[i-1]
	switch {
	case p.block != it.block:
		return gapParagraph
	case p.sent != it.sent:
		return gapSentence
	}
	g := gapNone
	for p := min(p.to, it.from); p < it.from; {
		r, w := s.at(p)
		switch r {
		case '；':
			return gapSemicolon
		case '，', ',':
			g = gapComma
		case '、':
			if g == gapNone {
				g = gapList
			}
		}
		p += w
	}
	return g
}

var yesNo = []string{"no", "yes"}

// weNames say who speaks: nobody, a quotation with 我 in it, a guest author.
var weNames = []string{"no", "speech", "author"}

var counts = []string{"0", "1", "2", "3", "4", "5"}

// A template is one sort of evidence: the features that it makes are the
// combinations of its axes.
type template struct {
	name string
	axes [][]string
}

// templates are all sorts of evidence for the subject of a figure.
var templates = []template{
	{"where+kind", [][]string{whereNames[:], kindNames[:]}},
	{"where+stands", [][]string{whereNames[:], standingNames[:]}},
	{"stands+next", [][]string{standingNames[:], followerNames[:]}},
	{"kind+stands", [][]string{kindNames[:], standingNames[:]}},
	{"kind+class", [][]string{kindNames[:], classNames[:]}},
	{"where+near", [][]string{whereNames[:], counts}},
	{"where+heads", [][]string{whereNames[:], counts[:4]}},
	{"relation+kind", [][]string{relationNames[:], kindNames[:]}},
	{"where+role", [][]string{whereNames[:], roleNames}},
	{"where+same", [][]string{whereNames[:], yesNo}},
	{"speech+where", [][]string{speechNames[:], whereNames[:]}},
	{"speech+kind", [][]string{speechNames[:], kindNames[:]}},
	{"titled+kind", [][]string{yesNo, kindNames[:]}},
	{"where+class", [][]string{whereNames[:], classNames[:]}},
	{"next+kind", [][]string{followerNames[:], kindNames[:]}},
	{"we+where", [][]string{weNames, whereNames[:]}},
	{"we+kind", [][]string{weNames, kindNames[:]}},
	{"gap+where", [][]string{gapNames[:], whereNames[:]}},
	{"gap+carried", [][]string{gapNames[:], kindNames[:]}},
	{"gap+streak", [][]string{gapNames[:], counts[:maxStreak]}},
	{"where+relation", [][]string{whereNames[:], relationNames[:]}},
	{"where+next", [][]string{whereNames[:], followerNames[:]}},
	{"first+kind", [][]string{yesNo, kindNames[:]}},
	{"seen+where", [][]string{counts[:4], whereNames[:]}},
	{"seen+kind", [][]string{counts[:4], kindNames[:]}},
}

// offsetsOf returns the first features of the templates; the last is the number of all.
func offsetsOf(templates []template) []uint16 {
	out := []uint16{0}
	for _, t := range templates {
		out = append(out, out[len(out)-1]+uint16(len(t.axes[0])*len(t.axes[1])))
	}
	return out
}

var offsets = offsetsOf(templates)

// An occasion is the evidence of a figure that is the same for all candidates.
type occasion struct {
	class  class
	gap    gap
	role   uint8 // place of the role of its change in roleNames
	we     uint8 // who speaks, see weNames
	streak uint8 // how many figures before have one subject, at most 3
}

// occasionOf gathers the evidence of figure i but for we and streak.
func (s *scan) occasionOf(i int) occasion {
	it := &s.items[i]
	return occasion{class: classOf(it), gap: s.gapBefore(i), role: uint8(roleOf(it))}
}

// occasionOf gathers the evidence of figure i.
func (c *chooser) occasionOf(i int) occasion {
	it, o := &c.items[i], c.scan.occasionOf(i)
	o.streak = uint8(min(c.streak, maxStreak-1))
	switch {
	case it.quoted && c.firstPerson(it):
		o.we = 1
	case !it.quoted && c.guest:
		o.we = 2
	}
	return o
}

// An evidence is what speaks for and against a candidate as the subject of a figure.
type evidence struct {
	occasion
	*candidate
	relation relation
	speech   speech
	same     uint8 // 1 when it is the subject of the figure before
	titled   uint8 // 1 when a title or a heading names it
	seen     uint8 // see naming
}

// evidenceOf gathers the evidence about the candidate x for the figure that
// c.occasion is of.
func (c *chooser) evidenceOf(it *item, x *candidate) evidence {
	e := evidence{occasion: c.occasion, candidate: x, relation: c.relation(it, x), speech: c.speech(it, x)}
	name := &c.namings[x.name]
	e.seen = name.seen
	if x.name == c.last {
		e.same = 1
	}
	if name.titled > 0 {
		e.titled = 1
	}
	return e
}

// values are those of the axes, by their names. What only the subject of the
// figure before has, only that one gets.
func (e *evidence) values() map[string]int {
	v := map[string]int{"where": int(e.where), "kind": int(e.kind), "stands": int(e.stands), "next": int(e.next), "class": int(e.class), "near": int(e.near), "heads": int(e.heads),
		"relation": int(e.relation), "role": int(e.role), "same": int(e.same), "speech": int(e.speech), "titled": int(e.titled), "we": int(e.we), "gap": int(e.gap), "first": int(e.first), "seen": int(e.seen)}
	if e.where == carried {
		v["carried"], v["streak"] = int(e.kind), int(e.streak)
	}
	return v
}

// subjectFolds are the tables that worth looks into.
var subjectFolds = []string{"kind+stands+next", "where+stands+next", "gap+role+where", "class+we+where", "class+we+kind", "speech+where+kind", "relation+where+kind", "first+titled+seen+kind", "where+near+heads+same+seen", "gap+carried", "gap+streak"}

// The places of the subjectFolds, which lie one behind the other.
const (
	foldKindStands  = 0
	foldWhereStands = foldKindStands + int(kinds)*int(standings)*int(followers)
	foldGapRole     = foldWhereStands + int(wheres)*int(standings)*int(followers)
	foldWeWhere     = foldGapRole + int(gaps)*changeRoles*int(wheres)
	foldWeKind      = foldWeWhere + int(classes)*weKinds*int(wheres)
	foldSpeech      = foldWeKind + int(classes)*weKinds*int(kinds)
	foldRelation    = foldSpeech + int(speeches)*int(wheres)*int(kinds)
	foldTitled      = foldRelation + int(relations)*int(wheres)*int(kinds)
	foldNear        = foldTitled + 2*2*seenKinds*int(kinds)
	foldCarried     = foldNear + int(wheres)*(maxNear+1)*(maxHeads+1)*2*seenKinds
	foldStreak      = foldCarried + int(gaps)*int(kinds)
	subjectSums     = foldStreak + int(gaps)*maxStreak
)

// worth is what the evidence is worth, in thousandths: f holds the subjectFolds.
func (e *evidence) worth(f *[subjectSums]int32) int32 {
	where, kind, around := int(e.where), int(e.kind), int(e.stands)*int(followers)+int(e.next)
	speaker, placed := int(e.class)*weKinds+int(e.we), where*int(kinds)+kind
	v := f[foldKindStands+kind*int(standings)*int(followers)+around] +
		f[foldWhereStands+where*int(standings)*int(followers)+around] +
		f[foldGapRole+(int(e.gap)*changeRoles+int(e.role))*int(wheres)+where] +
		f[foldWeWhere+speaker*int(wheres)+where] +
		f[foldWeKind+speaker*int(kinds)+kind] +
		f[foldSpeech+int(e.speech)*int(wheres)*int(kinds)+placed] +
		f[foldRelation+int(e.relation)*int(wheres)*int(kinds)+placed] +
		f[foldTitled+((int(e.first)*2+int(e.titled))*seenKinds+int(e.seen))*int(kinds)+kind] +
		f[foldNear+(((where*(maxNear+1)+int(e.near))*(maxHeads+1)+int(e.heads))*2+int(e.same))*seenKinds+int(e.seen)]
	if e.where == carried {
		v += f[foldCarried+int(e.gap)*int(kinds)+kind] + f[foldStreak+int(e.gap)*maxStreak+int(e.streak)]
	}
	return v
}

// The sizes of axes.
const (
	weKinds   = 3
	seenKinds = 4
	maxStreak = 4
)

// weights hold what each feature is worth.
type weights []float32

func (w weights) sum(fs []uint16) float32 {
	v := float32(0)
	for _, f := range fs {
		v += w[f]
	}
	return v
}

// A model is a set of templates with the table of their weights.
type model struct {
	file      string
	about     string
	templates []template
	offsets   []uint16
	prior     func(name string) float32
	frozen    int     // so many features are not learned
	step      float32 // how far a decision moves a weight, by cross-validation
	folds     []string
}

// models are the two that ship.
var models = [...]model{
	{"subjects.tsv", "Whose figure it is", templates, offsets, func(name string) float32 { return priors[name] }, 0, 0.05, subjectFolds},
	{"measured.tsv", "What a figure measures", measuredTemplates, measuredOffsets, func(name string) float32 { return measuredPriors[name] }, int(sources) * 4, 0.08, measuredFolds},
}

// name returns the template and the values of a feature, a tab between.
func (m *model) name(f int) string {
	t := 0
	for int(m.offsets[t+1]) <= f {
		t++
	}
	axes, n := m.templates[t].axes, f-int(m.offsets[t])
	b := len(axes[1])
	return m.templates[t].name + "\t" + axes[0][n/b] + "+" + axes[1][n%b]
}

// featuresOf returns the features that the values of the axes make. A template
// makes none when one of its axes has no value.
func (m *model) featuresOf(values map[string]int) (fs []uint16) {
	for i, t := range m.templates {
		first, second, _ := strings.Cut(t.name, "+")
		a, ok := values[first]
		b, ok2 := values[second]
		if ok && ok2 {
			fs = append(fs, m.offsets[i]+uint16(a*len(t.axes[1])+b))
		}
	}
	return fs
}

func (m *model) features() int { return int(m.offsets[len(m.templates)]) }

// priorWeights are what the evidence is worth before anything is learned.
func (m *model) priorWeights() weights {
	w := make(weights, m.features())
	for f := range w {
		w[f] = m.prior(m.name(f))
	}
	return w
}

// loadWeights reads the weights: a template, its values and the weight in thousandths.
func (k *knowledge) loadWeights(m *model) (weights, error) {
	w, places := make(weights, m.features()), m.places()
	return w, k.each(m.file, 3, func(c []string) error {
		p := places[c[0]]
		first, second, _ := strings.Cut(c[1], "+")
		a, ok := p.axes[0][first]
		b, ok2 := p.axes[1][second]
		if !ok || !ok2 {
			return fmt.Errorf("unknown evidence %q %q", c[0], c[1])
		}
		v, err := strconv.Atoi(c[2])
		if err != nil {
			return fmt.Errorf("weight %q is no number", c[2])
		}
		w[p.first+a*len(p.axes[1])+b] = float32(v) / 1000
		return nil
	})
}

// A place says which features the values of a template make.
type place struct {
	first int
	axes  [2]map[string]int
}

func (m *model) places() map[string]place {
	out := make(map[string]place, len(m.templates))
	for i, t := range m.templates {
		p := place{first: int(m.offsets[i])}
		for k, axis := range t.axes {
			p.axes[k] = make(map[string]int, len(axis))
			for at, value := range axis {
				p.axes[k][value] = at
			}
		}
		out[t.name] = p
	}
	return out
}

func (k *knowledge) loadSubjects() error { return k.loadLayer(Subjects) }

func (k *knowledge) loadMeasured() error { return k.loadLayer(Metrics) }

func (k *knowledge) loadLayer(l Layer) error {
	w, err := k.loadWeights(&models[l])
	k.setWeights(l, w)
	return err
}

// setWeights makes w the weights of a layer.
func (k *knowledge) setWeights(l Layer, w weights) {
	k.weights[l], k.sums[l] = w, slices.Concat(models[l].foldWeights(w)...)
}

// leastWeight is what a weight must be worth, in thousandths, to be written.
const leastWeight = 20

// write writes weights as the table that ships.
func (m *model) write(out io.Writer, w weights) error {
	var rows []string
	for f := range w {
		if v := int(w[f] * 1000); v >= leastWeight || v <= -leastWeight {
			rows = append(rows, m.name(f)+"\t"+strconv.Itoa(v)+"\n")
		}
	}
	slices.Sort(rows)
	_, err := io.WriteString(out, "# "+m.about+`: what each piece of evidence about a candidate is worth, in thousandths. Written by pipeline/figure/tune.go; do not edit.
# Source: learned from annotated pages that were written for this project.
# evidence	values	weight
`+strings.Join(rows, ""))
	return err
}
