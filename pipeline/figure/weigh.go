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
	}
	if q := c.quotation(it); q != nil && x.quote == q.Start && x.local {
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
	t := s.text[min(p.to, it.from):it.from]
	switch {
	case strings.Contains(t, "；"):
		return gapSemicolon
	case strings.Contains(t, "，") || strings.Contains(t, ","):
		return gapComma
	case strings.Contains(t, "、"):
		return gapList
	}
	return gapNone
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

// templates are all sorts of evidence, in the order in which features makes them.
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
	{"gap+streak", [][]string{gapNames[:], counts[:4]}},
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

// subjectTemplates is the number of templates.
const subjectTemplates = 25

var offsets = [subjectTemplates + 1]uint16(offsetsOf(templates))

// An occasion is the evidence of a figure that is the same for all candidates.
type occasion struct {
	figure int
	class  class
	gap    gap
	role   int
	we     int
	before nameID // the subject of the figure before, 0 when it has none
}

// occasionOf gathers the evidence of figure i but for we and before.
func (s *scan) occasionOf(i int) occasion {
	it := &s.items[i]
	return occasion{figure: i, class: classOf(it), gap: s.gapBefore(i), role: roleOf(it)}
}

// occasionOf gathers the evidence of figure i.
func (c *chooser) occasionOf(i int) occasion {
	it, o := &c.items[i], c.scan.occasionOf(i)
	if i > 0 && c.items[i-1].subject != nil {
		o.before = c.items[i-1].subjectName
	}
	switch {
	case it.quoted && c.firstPerson(it):
		o.we = 1
	case !it.quoted && c.guest:
		o.we = 2
	}
	return o
}

// features fills fs with the evidence for and against a candidate, and returns
// the part of it that is filled.
func (c *chooser) features(fs *[subjectTemplates]uint16, i int, x *candidate) []uint16 {
	it, o, f := &c.items[i], &c.occasion, &offsets
	where, kind, stands, next := uint16(x.where), uint16(x.kind), uint16(x.stands), uint16(x.next)
	rel, sp, cl, g, role := uint16(c.relation(it, x)), uint16(c.speech(it, x)), uint16(o.class), uint16(o.gap), uint16(o.role)
	we, same, titled, first, seen := uint16(o.we), uint16(0), uint16(0), uint16(0), uint16(c.seen(x.name))
	if o.before == x.name {
		same = 1
	}
	if c.namings[x.name].titled > 0 {
		titled = 1
	}
	if x.first {
		first = 1
	}
	fs[0] = f[0] + where*uint16(kinds) + kind
	fs[1] = f[1] + where*uint16(standings) + stands
	fs[2] = f[2] + stands*uint16(followers) + next
	fs[3] = f[3] + kind*uint16(standings) + stands
	fs[4] = f[4] + kind*uint16(classes) + cl
	fs[5] = f[5] + where*uint16(maxNear+1) + uint16(x.near)
	fs[6] = f[6] + where*uint16(maxHeads+1) + uint16(x.heads)
	fs[7] = f[7] + rel*uint16(kinds) + kind
	fs[8] = f[8] + where*uint16(len(roleNames)) + role
	fs[9] = f[9] + where*2 + same
	fs[10] = f[10] + sp*uint16(wheres) + where
	fs[11] = f[11] + sp*uint16(kinds) + kind
	fs[12] = f[12] + titled*uint16(kinds) + kind
	fs[13] = f[13] + where*uint16(classes) + cl
	fs[14] = f[14] + next*uint16(kinds) + kind
	fs[15] = f[15] + we*uint16(wheres) + where
	fs[16] = f[16] + we*uint16(kinds) + kind
	fs[17] = f[17] + g*uint16(wheres) + where
	n := 18
	if x.where == carried {
		fs[18] = f[18] + g*uint16(kinds) + kind
		fs[19] = f[19] + g*4 + uint16(min(c.streak, 3))
		n = 20
	}
	fs[n] = f[20] + where*uint16(relations) + rel
	fs[n+1] = f[21] + where*uint16(followers) + next
	fs[n+2] = f[22] + first*uint16(kinds) + kind
	fs[n+3] = f[23] + seen*uint16(wheres) + where
	fs[n+4] = f[24] + seen*uint16(kinds) + kind
	return fs[:n+5]
}

// subjectFolds are the tables that worth looks into.
var subjectFolds = []string{"kind+stands+next", "where+stands+next", "gap+role+where", "class+we+where", "class+we+kind", "speech+where+kind", "relation+where+kind", "first+titled+seen+kind", "where+near+heads+same+seen", "gap+carried", "gap+streak"}

// worth is what the evidence for and against a candidate is worth, in thousandths.
func (c *chooser) worth(it *item, x *candidate) int32 {
	f, o := c.k.sums[Subjects], &c.occasion
	where, kind, stands, next := int(x.where), int(x.kind), int(x.stands), int(x.next)
	same, titled, first, seen := 0, 0, 0, c.seen(x.name)
	if o.before == x.name {
		same = 1
	}
	if c.namings[x.name].titled > 0 {
		titled = 1
	}
	if x.first {
		first = 1
	}
	placed := where*int(kinds) + kind
	v := f[0][(kind*int(standings)+stands)*int(followers)+next] +
		f[1][(where*int(standings)+stands)*int(followers)+next] +
		f[2][(int(o.gap)*changeRoles+o.role)*int(wheres)+where] +
		f[3][(int(o.class)*weKinds+o.we)*int(wheres)+where] +
		f[4][(int(o.class)*weKinds+o.we)*int(kinds)+kind] +
		f[5][int(c.speech(it, x))*int(wheres)*int(kinds)+placed] +
		f[6][int(c.relation(it, x))*int(wheres)*int(kinds)+placed] +
		f[7][((first*2+titled)*seenKinds+seen)*int(kinds)+kind] +
		f[8][(((where*(maxNear+1)+int(x.near))*(maxHeads+1)+int(x.heads))*2+same)*seenKinds+seen]
	if x.where == carried {
		v += f[9][int(o.gap)*int(kinds)+kind] + f[10][int(o.gap)*maxStreak+min(c.streak, maxStreak-1)]
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
	{"subjects.tsv", "Whose figure it is", templates, offsets[:], func(name string) float32 { return priors[name] }, 0, 0.05, subjectFolds},
	{"measured.tsv", "What a figure measures", measuredTemplates, measuredOffsets[:], func(name string) float32 { return measuredPriors[name] }, int(sources) * 4, 0.08, measuredFolds},
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
	k.weights[l], k.sums[l] = w, models[l].foldWeights(w)
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

// seen returns how many figures have had the subject: none, one, up to four, more.
func (c *chooser) seen(name nameID) int {
	t := c.namings[name].topic
	if t == 0 {
		return 0
	}
	switch n := c.topics[t-1].figures; {
	case n > 4:
		return 3
	case n > 1:
		return 2
	}
	return 1
}
