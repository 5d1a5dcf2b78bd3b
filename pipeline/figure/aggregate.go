package figure

import (
	"strings"

	"longmai/pipeline"
)

// aggregateOf reads 累计, 新增, 净增 and 其中.
func (s *scan) aggregateOf(i int) {
	it := &s.items[i]
	s.enter(it)
	seg := s.text[it.seg.Start:it.seg.End]
	it.criterion = (it.form == pipeline.Ge || it.form == pipeline.Le || it.form == pipeline.Gt && s.has(it.to, "的")) && !s.ends(it.to) && it.kind != pipeline.Count && i+1 < len(s.items) && s.items[i+1].kind == pipeline.Count && s.items[i+1].from-it.to < 30 ||
		s.has(it.core.End, "以上的", "以下的")
	switch {
	case it.keys&(keyNet|keyTotal|keyNew|keyOf) == 0:
	case strings.Contains(seg, "净增"), strings.Contains(seg, "净流入"):
		it.aggregate = "net"
	case strings.Contains(seg, "累计"):
		it.aggregate = "cumulative"
	case containsAny(seg, "新增", "新发现", "新签", "新注册", "新入驻", "新引进", "新登记", "新开工项目"):
		it.aggregate = "new"
	case strings.Contains(seg, "其中") && !it.criterion:
		it.aggregate = "part"
	}
	if it.aggregate == "" && !it.criterion && s.partOfList(i) {
		it.aggregate, it.listed = "part", true
	}
	if it.aggregate == "" && (s.partOfGroup(i) || s.partOfKind(i) || s.shareOfGroup(i) || s.within(it)) {
		it.aggregate = "part"
	}
	if it.kind == pipeline.Rank {
		it.aggregate = ""
	}
	if it.aggregate != "" || i == 0 {
		return
	}
	p := &s.items[i-1]
	if p.block != it.block || p.sent != it.sent {
		return
	}
	gap := s.text[p.to:it.from]
	switch {
	case p.aggregate == "part" && p.code == it.code && s.echoes(p, gap):
		it.aggregate = p.aggregate
	case gap == "" && p.aggregate == "cumulative": // 累计搬迁1.24万户5.5万人
		it.aggregate = p.aggregate
	case p.aggregate == "" && p.criterion && (strings.Contains(s.text[p.seg.Start:p.seg.End], "其中") || s.before(p.seg.Start, "其中，")):
		it.aggregate = "part"
	case p.aggregate == "cumulative" && p.code == it.code && p.kind == it.kind && (strings.HasSuffix(gap, "、") || strings.HasSuffix(gap, "和")) && !strings.ContainsAny(gap, "，；。"):
		it.aggregate = p.aggregate // 累计完成300个洞窟的采集、190个洞窟的处理
	case p.aggregate != "" && (strings.HasPrefix(gap, "、") || gap == "和") && !strings.ContainsAny(gap, "，；") && (p.kind == it.kind || gap == "、" && sums(p.kind) && sums(it.kind)):
		it.aggregate = p.aggregate
		if p.aggregate == "new" && it.change == nil && p.change != nil && p.change.Role == "delta" {
			c := *p.change
			it.change = &c
		}
	}
}

// echoes reports whether gap, behind p, goes on in the words in which 其中
// introduced p: 其中来自江苏的19户，来自浙江的11户.
func (s *scan) echoes(p *item, gap string) bool {
	lead := s.text[p.seg.Start:p.seg.End]
	k := strings.Index(lead, "其中")
	rest, ok := strings.CutPrefix(gap, "，")
	if k < 0 || !ok || len(rest) < 6 || len(lead) < k+len("其中")+6 {
		return false
	}
	return strings.HasPrefix(lead[k+len("其中"):], rest[:6])
}

// partOfGroup reads the part of what the figure before it counts: 1386名考生中，912名…,
// 297户人家中183户.
func (s *scan) partOfGroup(i int) bool {
	it := &s.items[i]
	if i == 0 || it.kind != pipeline.Count && it.kind != pipeline.Quantity || it.change != nil {
		return false
	}
	p := &s.items[i-1]
	if p.sent != it.sent || p.block != it.block || p.kind != it.kind || p.value.LessThan(it.value) || p.to > it.from {
		return false
	}
	gap := s.text[p.to:it.from]
	k := strings.Index(gap, "中")
	if k < 0 {
		k = strings.Index(gap, "里")
	}
	if k < 0 && p.code == it.code && len(gap) <= len("个重点项目已经开工") && !strings.ContainsAny(gap, "，；。、,;由从和及与") && !strings.HasPrefix(gap, "的") && p.change == nil && p.seg.Start == p.clause {
		return strings.HasSuffix(gap, "有") || s.ends(it.to) && len(gap) > 0 // 55个重点项目开工39个
	}
	if k < 0 || len(gap) > 60 || strings.ContainsAny(gap[:k], "，；。、") {
		return false
	}
	rest := gap[k+len("中"):]
	if rest, ok := strings.CutPrefix(rest, "，"); ok {
		return !strings.ContainsAny(rest, "，；。、")
	}
	if s.ends(it.to) && len(rest) <= len("已经全部关停退出") && !strings.ContainsAny(rest, "，；。、") {
		return true // 42座水电站中关停退出9座
	}
	return (len(rest) <= len("已有") || len(rest) <= 30 && endsIn(rest, "占", "占了", "有")) && !strings.ContainsAny(rest, "，；。、") && (rest == "" || startsIn(rest, "有", "的", "已", "仅", "就") || endsIn(rest, "占", "占了", "有"))
}

// partOfList reads 其中，出口96.5亿元，增长23.1%，进口290.7亿元: with a comma, 其中
// holds for the figures of one unit to the end of the sentence.
func (s *scan) partOfList(i int) bool {
	it := &s.items[i]
	if it.seg.Start != it.clause {
		return false
	}
	if s.before(it.clause, "其中，", "其中,") || it.kind == pipeline.Count && s.before(it.clause, "项目中，", "企业中，", "农户中，", "村民中，", "学生中，") {
		return true
	}
	if it.change != nil || it.kind != pipeline.Money && it.kind != pipeline.Quantity && it.kind != pipeline.Count {
		return false
	}
	for j := i - 1; j >= 0 && i-j < 6 && s.items[j].block == it.block && !strings.Contains(s.text[s.items[j].core.End:it.core.Start], "。"); j-- {
		if p := &s.items[j]; p.aggregate == "part" && p.code == it.code && p.change == nil {
			return s.before(p.clause, "其中，", "其中,") || p.listed
		}
	}
	return false
}

// sums reports whether figures of a kind are added up.
func sums(k pipeline.Kind) bool {
	return k == pipeline.Count || k == pipeline.Quantity || k == pipeline.Money
}

// partOfKind reads one of several kinds of what was counted before: 企业58户，通过
// 认证的41户; 其中出口134亿元，进口477亿元; 其中规上企业96家，高新技术企业74家.
func (s *scan) partOfKind(i int) bool {
	it := &s.items[i]
	if it.change != nil || it.criterion || !sums(it.kind) {
		return false
	}
	for j, n := i-1, 0; j >= 0 && n < 4; j, n = j-1, n+1 {
		p := &s.items[j]
		if p.sent != it.sent || p.block != it.block || p.to > it.from {
			return false
		}
		switch {
		case p.change != nil && (p.kind == pipeline.Percent || p.kind == pipeline.Points), p.criterion:
			continue // 出口43.9亿元，增长27.6%，进口142.4亿元
		case p.code != it.code || p.kind != it.kind:
			if n == 0 && p.form == pipeline.Ge && it.kind == pipeline.Count { // 5亿元以上的23个
				continue
			}
			return false
		}
		return s.sibling(p, it, j == i-1)
	}
	return s.firstOfKinds(i)
}

// sibling reports whether it is a kind of the whole that p is a part of, or a
// kind of what p counts. Next says that no other figure stands between them.
func (s *scan) sibling(p, it *item, next bool) bool {
	lead := s.text[it.clause:it.from]
	trade := endsIn(lead, "进口", "出口") && endsIn(strings.TrimRight(s.text[p.clause:p.from], "为达"), "进口", "出口")
	if p.aggregate == "part" {
		return trade || !next && it.kind == pipeline.Count || next && it.kind != pipeline.Quantity && s.nouns(p.to, it.from)
	}
	if it.kind != pipeline.Count || p.change != nil || !it.value.LessThan(p.value) {
		return false
	}
	gap := s.text[p.to:it.from]
	return strings.Count(gap, "，") == 1 && !strings.ContainsAny(gap, "；。、") && endsIn(gap, "的", "的有", "的达", "的只有", "的仅有", "的项目")
}

// firstOfKinds reads the first kind of a group that is named, not counted:
// 签约项目中，5亿元以上的23个.
func (s *scan) firstOfKinds(i int) bool {
	it := &s.items[i]
	if i == 0 || it.kind != pipeline.Count {
		return false
	}
	p := &s.items[i-1]
	return p.sent == it.sent && p.form == pipeline.Ge && p.to <= it.from && len(s.text[p.to:it.from]) <= len("的项目有") && s.before(p.clause, "中，", "其中，")
}

// nouns reports whether a comma or a semicolon and nothing but nouns stand in [p, end).
func (s *scan) nouns(p, end int) bool {
	r, w := s.next(p)
	if r != '，' && r != '；' || end <= p+w || end-p > len("，国家级高新技术企业和") || containsAny(s.text[p:end], "为", "达", "最", "均", "日") {
		return false
	}
	for q := p + w; q < end; {
		t := s.tokens.on(q)
		if t < 0 {
			return false
		}
		switch pos := s.d.Tokens[t].POS; {
		case pos == "" || strings.ContainsRune("vpdcurmqx", rune(pos[0])) && pos != "vn":
			return false
		}
		q = s.d.Tokens[t].End
	}
	return true
}

// shareOfGroup reads the share of a kind of what was counted before: 员工740人
// 当中本地人占八成; 员工286名，七成以上是当地农民.
func (s *scan) shareOfGroup(i int) bool {
	it := &s.items[i]
	if i == 0 || it.change != nil || it.kind != pipeline.Percent && it.kind != pipeline.Ratio {
		return false
	}
	p := &s.items[i-1]
	if p.sent != it.sent || p.block != it.block || !sums(p.kind) || p.to > it.from {
		return false
	}
	gap := s.text[p.to:it.from]
	if p.kind != pipeline.Count || p.code == "{person-visit}" || p.code == "{time}" {
		return false
	}
	if gap == "，" || strings.Count(gap, "，") == 1 && endsIn(gap, "里，", "中，") {
		return s.has(it.to, "是", "来自", "从事", "都是", "为当地", "为本地")
	}
	if len(gap) > len("当中具有博士以上学位的占到") || strings.Count(gap, "，") > 1 || strings.ContainsAny(gap, "；。、") {
		return false
	}
	for _, w := range [...]string{"占", "占了", "占到", "占比"} {
		if who, ok := strings.CutSuffix(gap, w); ok {
			return endsIn(who, "人", "员", "工", "民", "的", "生", "户", "者", "女", "女性", "项目", "企业") && !endsIn(who, "职工")
		}
	}
	return false
}

// within reads the part of a line or a river that lies in one place: 甘肃境内长799公里.
func (s *scan) within(it *item) bool {
	return it.kind == pipeline.Quantity && it.unit.dim == "length" && it.change == nil && endsIn(strings.TrimRight(s.text[it.seg.Start:it.seg.End], "全长度里程为"), "境内")
}
