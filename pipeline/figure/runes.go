package figure

import "slices"

// A runeSet is a small set of characters. Their low bytes tell almost all others.
type runeSet struct {
	low   [4]uint64
	runes []rune
}

func newRuneSet(s string) *runeSet {
	set := &runeSet{runes: []rune(s)}
	for _, r := range s {
		set.low[uint8(r)>>6] |= 1 << (r & 63)
	}
	return set
}

func (s *runeSet) has(r rune) bool {
	return s.low[uint8(r)>>6]&(1<<(r&63)) != 0 && slices.Contains(s.runes, r)
}

const breakRunes = "，,：:；;（(）) 　\n"

var (
	fillerRunes  = newRuneSet("了到为有达至在") // last of fillers
	fillerEnds   = newRuneSet("了近约超逾度达为出均过例")
	phraseEnds   = newRuneSet("、。（）()“”‘’《》【】「」 \u3000")
	loose        = newRuneSet(" 　、，,“‘（(：:\n'\"")
	ratioNouns   = newRuneSet("占同环之对类无性单成率配评百")
	breaks       = newRuneSet(breakRunes)
	nounMarks    = newRuneSet(" 　、，,“”‘’（）()的")
	leading      = newRuneSet("、的”’） 　")
	openQuotes   = newRuneSet("“‘")
	codeRunes    = newRuneSet("-+_./*×＋零一二三四五六七八九十")
	codeJoints   = newRuneSet("-+_./×±＋")
	latinJoints  = newRuneSet("-+＋×.")
	results      = newRuneSet("起出成到入完进掉满")
	complements  = newRuneSet("上下起出到成着进了")
	landforms    = newRuneSet("岭渠湾泉沟坪梁河弯坡崖井柳松树杏槐榆峡")
	placeEnds    = newRuneSet("、村的美都和与等在")
	tonCounts    = newRuneSet("〇零一二三四五六七八九十百千万亿两几多余来半数每/／")
	metaphors    = newRuneSet("条张本把块根面道盏扇座杯堂朵片双枚颗")
	bodies       = newRuneSet("厂矿段站场局队社校院园港库渠桥路线店馆所团田井")
	moreVerbs    = newRuneSet("取引排卖打收挣赚产缴交花耗跑种养用付赔投蓄发运送支")
	pieceEnds    = newRuneSet("板屏碑砖牌地田布石瓦饼幕片璃毯匾池件煤糖皂馍肉章区表成为")
	feeEnds      = newRuneSet("费钱款租薪礼税债利息金价资补水贴助入本红用")
	agedEnds     = newRuneSet("民长任员记手师生人者农兵匠头汉婆妈娘爷叔婶姐哥嫂弟妹舅姑姨伯")
	surnames     = newRuneSet("赵钱孙李周吴郑王冯陈卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜谢邹章苏潘葛范彭鲁韦马苗方俞任袁柳唐费岑薛雷贺倪汤滕罗毕郝安常于傅卞齐康伍余顾孟黄穆萧尹姚邵汪祁毛狄米贝明臧戴宋庞熊纪舒屈项祝董梁杜阮蓝闵席季贾路江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万卢莫房干解应宗丁邓洪包左石崔吉龚程邢裴陆翁靳段焦牧车侯全班秋仲宫宁仇甘武符刘景詹龙叶白")
	titles       = newRuneSet("民长任员记手师生人家队老者农户")
	hanDigits    = newRuneSet("零一二三四五六七八九")
	hanOneToNine = newRuneSet("一二两三四五六七八九")
	hanTwoToNine = newRuneSet("二两三四五六七八九")
	tableNames   = newRuneSet("表图式例注")
	numberGoesOn = newRuneSet("十百千万亿点.")
)

// A keyMask says which of the characters that the rules look for stand in a text,
// so that most rules need not search it.
type keyMask traits

const (
	keyAverage keyMask = keyMask(firstKey) >> iota // 均
	keyDay                                         // 日
	keyEach                                        // 每
	keyTotal                                       // 累
	keyNew                                         // 新
	keyNet                                         // 净
	keyOf                                          // 其
	keyApart                                       // 分
	keyHour                                        // 时
	keyMu                                          // 亩
	keyOne                                         // 一
	keyCompare                                     // 高 低 快 慢 优 领 落 超 多 少
	keyChange                                      // 增 减 压 核 削 精 裁 延 多 少
	keyThan                                        // what comparison looks for
	keyClose                                       // ” 》
	keyLead                                        // what dropLeading looks for
	keyArticle                                     // 一 这 那 每 该 某 各
	keyRate                                        // 单 薪 吨 月 劳
	keyPer     = keyAverage | keyDay | keyEach | keyHour | keyMu | keyOne | keyRate
)

// keyRunes are the characters of the keys, in their order.
var keyRunes = [...]string{"均", "日", "每", "累", "新", "净", "其", "分", "时", "亩", "一", "高低快慢优领落超多少", "增减压核削精裁延多少", "比较高低快慢优领落多少", "”》", "大以之期当其同后到", "一这那每该某各", "单薪吨月劳"}

// keysIn returns the keys in the text [from, to).
func (s *scan) keysIn(from, to int) keyMask {
	var m traits
	for from < to {
		c := s.codes[from]
		m |= s.k.alphabet.traits[c]
		from += width(c)
	}
	return keyMask(m)
}
