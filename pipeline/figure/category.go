package figure

import (
	"sort"
	"strings"

	"longmai/pipeline"
)

// finish sets the category of a figure and drops what its kind does not have.
func (s *scan) finish(it *item) {
	if it.kind == pipeline.Rank || it.kind == pipeline.Ratio || it.kind == pipeline.Number {
		it.code, it.unit = "", nil
	}
	it.category = s.categoryOf(it)
	if it.change != nil && *it.change == (pipeline.Change{}) {
		it.change = nil
	}
}

// categoryOf decides by the change, then by the last word of the metric, then by
// kind and dimension.
func (s *scan) categoryOf(it *item) string {
	head := ""
	if it.metric != nil {
		if m := s.metricRow(it.metric.Name); m != nil {
			head = m.category
		}
	}
	delta := it.change != nil && (it.change.Role == "delta" || it.change.Role == "ratio" || it.change.Role == "" && it.change.Direction == "")
	switch it.kind {
	case pipeline.Rank:
		return "rank"
	case pipeline.Duration:
		if it.code == "ms" || it.code == "us" { // a delay is measured, not spent
			it.kind = pipeline.Quantity
			return "measure"
		}
		return "duration"
	case pipeline.Points, pipeline.Multiple:
		return "growth"
	case pipeline.Percent:
		if delta || head == "growth" && (it.change == nil || strings.HasSuffix(it.metric.Name, "增速")) {
			return "growth"
		}
		if head == "measure" {
			return "measure"
		}
		return "share"
	case pipeline.Ratio:
		if it.rule == "ratio" {
			return "measure"
		}
		if delta {
			return "growth"
		}
		return "share"
	case pipeline.Number:
		return "measure"
	case pipeline.Money:
		return s.moneyCategory(it, head)
	case pipeline.Count:
		return s.countCategory(it, head)
	}
	if s.capacityAhead(it) || endsIn(strings.TrimRight(s.text[it.seg.Start:it.seg.End], "为达到由从超过"), "产能") {
		return "capacity"
	}
	if it.group != nil && it.group.Kind == "from_to" && it.group.Index == 1 && s.fromCapacity(it) {
		return "capacity"
	}
	if c := s.listedCategory(it); c != "" && head == "" {
		return c
	}
	switch {
	case it.unit.dim == "age":
		return "measure"
	case head == "capacity" && it.unit.dim == "area" && !containsAny(it.metric.Name, "能力", "产能"): // 制种基地2.6万亩
		return "extent"
	case it.unit.dim == "energy" && it.per == "t": // what a ton of aluminium takes
		return "measure"
	case head == "" && it.unit.dim == "mass" && containsAny(s.text[it.seg.Start:it.seg.End], "日处理", "年处理", "可处理", "能处理", "可消化", "年屠宰", "年加工") && !strings.Contains(s.text[it.seg.Start:it.seg.End], "全年"):
		return "capacity"
	case head != "capacity" && it.unit.dim == "area" && containsAny(s.text[it.seg.Start:it.seg.End], "日产", "月产", "年产"): // 日产瓷砖32万平方米
		return "output"
	}
	switch head {
	case "capacity", "reserve", "output", "extent", "measure":
		return head
	}
	if it.unit.dim == "mass" && it.per == "[mu_cn]" && (it.change == nil || it.change.Role != "delta") {
		return "output"
	}
	if (it.unit.dim == "mass" || it.unit.dim == "volume" || it.unit.dim == "energy") && !(it.change != nil && it.change.Role == "delta") && s.produced(it) {
		return "output"
	}
	return dimensionCategory(it.unit.dim)
}

// listedCategory returns the category of the figure before a weight or a volume
// that goes on in its list: 新增金150吨、铅锌500万吨, 63万吨，其中镍12万吨; "" where
// there is none.
func (s *scan) listedCategory(it *item) string {
	if it.unit.dim != "mass" && it.unit.dim != "volume" || it.change != nil && it.change.Role == "to" {
		return ""
	}
	i := sort.Search(len(s.items), func(i int) bool { return s.items[i].core.Start >= it.core.Start }) - 1
	if i < 0 {
		return ""
	}
	p := &s.items[i]
	if p.sent != it.sent || p.block != it.block || p.code != it.code || p.to > it.from || p.category != "output" && p.category != "reserve" {
		return ""
	}
	if gap := s.text[p.to:it.from]; startsIn(gap, "、", "，其中") && len(gap) <= len("，其中某某某某某某") {
		return p.category
	}
	return ""
}

// fromCapacity reports whether the figure that it grew from is a capacity:
// 年产能由2万吨扩大到5万吨.
func (s *scan) fromCapacity(it *item) bool {
	i := sort.Search(len(s.items), func(i int) bool { return s.items[i].core.Start >= it.core.Start }) - 1
	return i >= 0 && s.items[i].group != nil && s.items[i].group.ID == it.group.ID && s.items[i].category == "capacity"
}

// produced reports whether the words before the figure, or before the list it
// stands in, tell of making, harvesting or selling.
func (s *scan) produced(it *item) bool {
	t := s.text[it.clause:it.from]
	if it.unit != nil && it.unit.dim == "mass" && (endsIn(t, "收了", "收", "采了", "采收了", "打了") || containsAny(t, "发送货物", "发运货物", "货邮吞吐量", "采挖", "出口", "订购", "签下", "日产")) && !strings.Contains(t, "能力") {
		return true
	}
	return containsAny(t, "生产", "加工", "开采", "采收", "收获", "销售", "卖出", "售出", "销往", "出产", "产出", "外销", "采摘", "收购", "捕捞", "冶炼", "能摘", "收贮")
}

func (s *scan) moneyCategory(it *item, head string) string {
	if strings.Contains(it.code, "/") {
		return "price"
	}
	if it.rule == "money.spoken" && !(head == "price" && s.before(it.num.Start, "剩")) || it.per == "[mu_cn]" && containsAny(s.text[it.seg.Start:it.seg.End], "亩收入", "亩纯收入", "亩产值", "亩效益") {
		return "amount"
	}
	if it.per != "" && endsIn(s.text[it.seg.Start:it.seg.End], "能省", "年省", "可省", "就省", "省下", "省了", "节省", "节约", "节本", "支出") {
		return "amount"
	}
	if head == "price" && it.per == "" && it.lowEnd().GreaterThanOrEqual(million) { // no price: 研发费用2600万元
		return "amount"
	}
	if head == "price" || head != "amount" && s.soldByOne(it) || s.coin(it) {
		return "price"
	}
	if it.per != "" && it.metric != nil && endsIn(it.metric.Name, "费", "造价", "餐") && !containsAny(it.metric.Name, "花费", "消费") && strings.Contains(s.text[it.clause:it.from], "每") && !containsAny(s.text[it.clause:it.from], "补", "奖", "节", "省") {
		return "price"
	}
	if it.per == "{unit}" && head != "amount" && strings.Contains(s.text[it.seg.Start:it.seg.End], "每块") {
		return "price"
	}
	if it.per != "" && head != "amount" {
		if u := s.k.byCode[it.per]; u != nil && u.dim != "count" && u.dim != "time" && u.dim != "calendar_time" {
			if it.metric == nil || !containsAny(it.metric.Name, "补", "收入", "增收", "收益", "产值", "利润", "效益", "奖") {
				return "price"
			}
		}
	}
	return "amount"
}

// coin reports whether the sum is less than a yuan, or one by which a thing is
// dearer or cheaper: 降到一毛二, 便宜三毛.
func (s *scan) coin(it *item) bool {
	v := it.lowEnd()
	if it.per != "" && containsAny(s.text[it.seg.Start:it.seg.End], "奖", "补", "分红", "利润", "节", "省") || strings.Contains(s.text[it.seg.Start:it.seg.End], "红利") {
		return false
	}
	return v.IsPositive() && v.LessThan(one) && it.code == "CNY" || v.LessThan(hundred) && s.before(it.num.Start, "便宜", "便宜了", "贵", "贵了")
}

// soldByOne reports whether the clause names one piece that is sold: 一箱卖二十九块九.
func (s *scan) soldByOne(it *item) bool {
	t := s.text[it.clause:it.from]
	at := lastIndex(t, "一")
	if at < 0 || !containsAny(t[at:], "卖", "要价", "收购") && !endsIn(t[at:], "要", "要花") || containsAny(t[at:], "义卖", "拍卖", "变卖") || strings.HasSuffix(t[:at], "第") {
		return false
	}
	v, e := s.k.unitTrie.longest(t, at+len("一"), false)
	return v >= 0 && s.k.units[v].dim != "time" && s.k.units[v].dim != "calendar_time" && len(t)-e <= len("能够卖到了左右")
}

func (s *scan) countCategory(it *item, head string) string {
	if it.metric != nil && (strings.HasSuffix(it.metric.Name, "矿产") || strings.HasSuffix(it.metric.Name, "矿种") || strings.HasSuffix(it.metric.Name, "矿物")) {
		return "reserve"
	}
	if s.capacityAhead(it) {
		return "capacity"
	}
	if head == "capacity" && it.metric != nil && !strings.HasSuffix(it.metric.Name, "容量") && (strings.HasSuffix(it.metric.Name, "能力") || strings.HasSuffix(it.metric.Name, "量") || strings.HasSuffix(it.metric.Name, "产能")) {
		return "capacity"
	}
	if it.change == nil && it.unit != nil && s.made(it) {
		return "output"
	}
	return "count"
}

// made reports whether what is counted is raised, printed, or made day by day:
// 出圃165万株, 月均发行660万册, 每天出伞6000把.
func (s *scan) made(it *item) bool {
	switch it.unit.word {
	case "株", "粒", "册", "尾", "枚":
	default:
		if it.unit.code != "{unit}" || it.per == "" {
			return false
		}
	}
	t := s.text[it.clause:it.from]
	return containsAny(t, "生产", "年产", "日产", "月产", "出圃", "出伞", "卖", "售出", "发行", "产销", "下线", "加工", "做") && !strings.Contains(t, "能力")
}

// capacityAhead reports whether the figure stands in 形成年产……的能力.
func (s *scan) capacityAhead(it *item) bool {
	b := s.d.Blocks[it.block].Span
	t := s.text[it.core.End:min(b.End, it.core.End+120)]
	at := strings.Index(t, "能力")
	if at < 0 {
		return false
	}
	if k := strings.IndexAny(t, "，。；,;"); k >= 0 && k < at && !strings.HasPrefix(t[k:], "、") {
		for i, r := range t[:at] {
			if isClauseEnd(r) && !(r == ',' && s.insideNumber(it.core.End+i+1)) {
				return false
			}
		}
	}
	return strings.HasSuffix(t[:at], "的") || strings.HasSuffix(t[:at], "生产") || strings.HasSuffix(t[:at], "加工") || strings.HasSuffix(t[:at], "处理")
}

func containsAny(s string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

func dimensionCategory(dim string) string {
	switch dim {
	case "power", "apparent_power", "compute", "compute_int", "bandwidth", "flow":
		return "capacity"
	case "energy":
		return "output"
	case "area", "length":
		return "extent"
	}
	return "measure"
}
